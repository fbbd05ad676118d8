package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A person sees a citizen ID masked, right or damaged; a program that asks by --json gets the whole number.
func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		value string
		want  identified
		says  string
	}{
		{"91350100m000100y43", identified{"credit_code", true, "", "91350100M000100Y43"}, "91350100M000100Y43：统一社会信用代码（GB 32100-2015），校验无误"},
		{" ９１４１０７００ 730416131P", identified{"credit_code", false, "check_digit", "91410700730416131P"}, "校验码不对"},
		{"71526726-X", identified{"organisation_code", true, "", "71526726X"}, "组织机构代码"},
		{"330203000030639", identified{"registration_number", true, "", "330203000030639"}, "注册号"},
		{"11010519491231002x", identified{"citizen_id", true, "", "11010519491231002X"}, "110105**********2X：公民身份号码"},
		{"410421199002300017", identified{"citizen_id", false, "birthday", "410421199002300017"}, "410421**********17：公民身份号码（GB 11643-1999），不合规：出生日期"},
		{"41042119900101001", identified{"citizen_id", false, "length", "41042119900101001"}, "410421*********01："},
		{"", identified{"", false, "empty", ""}, "没有内容"},
	} {
		status, said := command(t, nil, "identity", tt.value)
		if status != exitOK || !strings.Contains(said, tt.says) {
			t.Errorf("%q: status %d, said %q, want %q in it", tt.value, status, said, tt.says)
		}
		_, said = command(t, nil, "identity", tt.value, "--json")
		var got identified
		if err := json.Unmarshal([]byte(said), &got); err != nil {
			t.Fatalf("%q: %v in %q", tt.value, err, said)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.value, diff)
		}
	}
}
