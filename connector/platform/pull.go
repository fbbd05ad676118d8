package platform

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"creditsync/connector"
)

// pullPlan is a pull, ready for use.
type pullPlan struct {
	path, method string
	page         Paging
	since        string
	total        int
	answer       answerShape
}

// parameter is one parameter of a page.
type parameter struct {
	name, text string
	number     bool
}

// Pull fetches one page. Where the platform says how many rows there are, the pages must add up to that: a page that is
// short before the total is reached, or longer than asked, is a count mismatch, for then page numbers mean nothing. Without
// a total, the first short page is the last.
func (c *Client) Pull(ctx context.Context, name string, q connector.PageQuery) (connector.Page, error) {
	r, ok := c.plan.resources[name]
	if !ok || r.pull == nil {
		return connector.Page{}, noSuchResource(name)
	}
	if q.Size <= 0 || q.Size > r.pull.page.Max {
		q.Size = r.pull.page.Max
	}
	call := r.pull.call(c, r, q)
	page := connector.Page{Total: -1}
	res, read, err := call.ask(ctx, r.pull.answer, func(raw []byte, _ []field) { page.Rows = append(page.Rows, raw) })
	if err != nil {
		return connector.Page{}, err
	}
	page.At = res.at
	if !readTotal(at(read.envelope, r.pull.total), &page.Total) || !read.sawRows && page.Total != 0 {
		return connector.Page{}, call.reason(connector.WrongShape, connector.Answered, r.pull.missing(read))
	}
	return page, call.lastPage(&page, q)
}

func (p *pullPlan) missing(r *reading) string {
	if r.sawRows {
		return "total"
	}
	return p.answer.rows
}

// readTotal reads the total, a number or a number in a text; absent, it stays unknown.
func readTotal(f field, total *int64) bool {
	if f.absent() {
		return true
	}
	n, err := strconv.ParseInt(f.String(), 10, 64)
	if err != nil || n < 0 {
		return false
	}
	*total = n
	return true
}

// lastPage decides whether the page is the last, and refuses one that does not add up.
func (c *call) lastPage(page *connector.Page, q connector.PageQuery) error {
	rows, before := int64(len(page.Rows)), int64(q.Number)*int64(q.Size)
	switch {
	case rows > int64(q.Size):
		return c.mismatch(page, int64(q.Size), rows)
	case page.Total < 0:
		page.Last = rows < int64(q.Size)
	case before+rows > page.Total && rows > 0:
		return c.mismatch(page, page.Total, before+rows)
	default:
		page.Last = before+rows >= page.Total
		if !page.Last && rows < int64(q.Size) {
			return c.mismatch(page, page.Total, before+rows)
		}
	}
	return nil
}

func (c *call) mismatch(page *connector.Page, said, found int64) error {
	*page = connector.Page{}
	return c.reason(connector.CountMismatch, connector.Answered, strconv.FormatInt(said, 10), strconv.FormatInt(found, 10))
}

func (p *pullPlan) call(c *Client, r *resource, q connector.PageQuery) *call {
	out := &call{client: c, resource: r, method: p.method, path: p.path}
	parameters := p.parameters(q)
	if p.method == http.MethodGet {
		out.query = url.Values{}
		for _, v := range parameters {
			out.query.Set(v.name, v.text)
		}
		return out
	}
	out.body = parametersJSON(parameters)
	return out
}

func (p *pullPlan) parameters(q connector.PageQuery) []parameter {
	first := parameter{p.page.Number, strconv.Itoa(p.page.First + q.Number), true}
	if p.page.Offset != "" {
		first = parameter{p.page.Offset, strconv.Itoa(p.page.First + q.Number*q.Size), true}
	}
	out := []parameter{first, {p.page.Size, strconv.Itoa(q.Size), true}}
	if p.since != "" && q.Since != "" {
		out = append(out, parameter{p.since, q.Since, false})
	}
	return out
}

func parametersJSON(parameters []parameter) []byte {
	body := []byte{'{'}
	for i, v := range parameters {
		if i > 0 {
			body = append(body, ',')
		}
		if !v.number {
			body, _ = appendMember(body, v.name, v.text)
			continue
		}
		body, _ = jsontext.AppendQuote(body, v.name)
		body = append(append(body, ':'), v.text...)
	}
	return append(body, '}')
}
