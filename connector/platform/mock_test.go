package platform

import (
	"net/http/httptest"
	"testing"

	"creditsync/connector"
	"creditsync/fixtures/mockplatform"
)

// The reference profile and the mock platform are written apart and agree: signatures, receipts, look-ups and pages.
func TestTheReferenceProfileFitsTheMock(t *testing.T) {
	m, err := mockplatform.New(mockplatform.Options{Now: noon, Key: "county-1", Secret: testSecret, Abnormal: 2500, Serious: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	p := reference(t)
	c, err := New(p, Options{Variables: fill(s.URL), Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	batch := connector.Batch{Resource: "inspector", Number: "b", Records: []connector.Outgoing{
		{ID: "甲", Op: connector.Insert, Payload: []byte(`{"name":"检查员甲","unit":"监察队","certNo":"0000000000000001","certUntil":"2027-01-31"}`)},
		{ID: "乙", Op: connector.Insert, Payload: []byte(`{"name":"检查员乙","certNo":"0000000000000002","certUntil":"soon"}`)},
	}}
	answer, err := c.Push(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	good, bad := answer.Receipts[0], answer.Receipts[1]
	if !good.OK || good.Number == "" || bad.OK || bad.Code == "" || bad.Field == "" || bad.Message == "" || answer.Strangers != 0 {
		t.Errorf("%+v", answer.Receipts)
	}
	sights, err := c.Look(t.Context(), "inspector", batch.Records)
	if err != nil || !sights[0].Same || !sights[0].Published || sights[1].Found {
		t.Errorf("%+v %v", sights, err)
	}
	if off, ok := c.Offset(); !ok || off.Abs().Seconds() > 1 || !c.IsMock() {
		t.Errorf("offset %v %v, mock %v", off, ok, c.IsMock())
	}
	total := 0
	for number, last := 0, false; !last; number++ {
		page, err := c.Pull(t.Context(), "list_abnormal", connector.PageQuery{Number: number, Size: 1000})
		if err != nil {
			t.Fatal(err)
		}
		total, last = total+len(page.Rows), page.Last
	}
	if total != 2500 {
		t.Errorf("%d entries", total)
	}
	other := fill(s.URL)
	other["PLATFORM_SECRET"] = "another"
	c, _ = New(p, Options{Variables: other, Now: noon})
	_, err = c.Push(t.Context(), batch)
	if r := reasonOf(t, err); r.What != connector.Unauthorized || r.Sent != connector.Answered {
		t.Error(r)
	}
}
