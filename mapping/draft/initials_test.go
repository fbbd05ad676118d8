package draft

import (
	"testing"
	"unicode"
)

func TestInitials(t *testing.T) {
	for term, want := range map[string]string{
		"统一社会信用代码": "tyshxydm", "对象名称": "dxmc", "法定代表人": "fddbr", "检查日期": "jcrq", "行政区划代码": "xzqhdm", "结果ID": "jgid",
		"执法证号": "zfzh", "有效期至": "yxqz", "是否在岗": "sfzg", "删除标志": "scbz", "更新时间": "gxsj", "注册号": "zch", "对象类别": "dxlb",
		"住所": "zs", "风险等级": "fxdj", "后续处理": "hxcl", "抽取时间": "cqsj", "矿种": "kz", "罚款金额": "fkje", "职务": "zw", "业务专长": "ywzc",
	} {
		if got := initials(term); got != want {
			t.Errorf("initials(%s) = %q, want %q", term, got, want)
		}
	}
}

// Every Chinese term has its initials, and every thing is named once in a family.
func TestTerms(t *testing.T) {
	terms, err := LoadTerms()
	if err != nil {
		t.Fatal(err)
	}
	type place struct{ is, family string }
	seen := map[place]bool{}
	for _, g := range terms.Groups {
		families := g.For
		if families == nil {
			families = []string{""}
		}
		for _, f := range families {
			if seen[place{g.Is, f}] {
				t.Errorf("%s stands twice for %q", g.Is, f)
			}
			seen[place{g.Is, f}] = true
		}
		for _, term := range append(append([]string{g.Is}, g.Also...), g.Weak...) {
			if unicode.Is(unicode.Han, []rune(term)[0]) && initials(term) == "" {
				t.Errorf("%s has no initials", term)
			}
		}
	}
}
