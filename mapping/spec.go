package mapping

// Direction is which way a stream flows.
type Direction string

// The two directions of a stream.
const (
	Push Direction = "push" // local registry to platform
	Pull Direction = "pull" // platform to local
)

// Spec is one mapping as an administrator wrote it: the shape of config/mappings/*.yaml after strict reading. Compile
// turns it into a Plan. Field names in YAML are the lower-case words given in the tags.
type Spec struct {
	Stream    string    `yaml:"stream"`
	Title     string    `yaml:"title"`
	Direction Direction `yaml:"direction"`
	Resource  string    `yaml:"resource"` // the profile's name for what the stream becomes on the platform
	Registry  Source    `yaml:"registry"`
	// Ready is an expression: what may be sent. Before that the row is not ready and its clock runs.
	Ready string `yaml:"ready,omitempty"`
	// After names the records that must be on the platform before this one.
	After []After `yaml:"after,omitempty"`
	// Answers names a pulled stream whose entries this stream's rows answer: a drawn object is answered by its result.
	Answers  *After     `yaml:"answers,omitempty"`
	Deadline *Deadline  `yaml:"deadline,omitempty"`
	Owner    string     `yaml:"owner,omitempty"` // column that names the unit that owes the record
	Route    []Route    `yaml:"route,omitempty"`
	Withhold []Withhold `yaml:"withhold,omitempty"`
	Fields   []Field    `yaml:"fields"`
	Items    *Items     `yaml:"items,omitempty"`
	// Allow lets columns go out that look like coordinates, geometry, citizen ids or phone numbers.
	Allow *Allow `yaml:"allow,omitempty"`
}

// Source says where the rows of a stream are kept locally. Exactly one of Table, Query and File is set for a push
// stream; for a pull stream all of them may be empty (the rows then stand in creditsync's own tables and a workbook).
type Source struct {
	Database string   `yaml:"database,omitempty"` // a name of creditsync.yaml
	Table    string   `yaml:"table,omitempty"`    // may be schema-qualified: 公共.检查结果
	Query    string   `yaml:"query,omitempty"`    // a SELECT; its output columns are the columns
	File     string   `yaml:"file,omitempty"`     // a glob below the registry folder: 台账/检查结果*.xlsx, *.csv
	Sheet    string   `yaml:"sheet,omitempty"`    // of a workbook; empty: the first visible sheet that has the columns
	Key      Columns  `yaml:"key"`
	Changed  *Changed `yaml:"changed,omitempty"`
	Where    string   `yaml:"where,omitempty"` // an expression: what belongs to the stream; the rest is excluded, counted
}

// Changed names the column that says when a row was last changed.
type Changed struct {
	Column  string `yaml:"column"`
	Overlap string `yaml:"overlap,omitempty"` // a Go duration, by default 15m: how late a row may be committed
}

// After says that Stream's record, whose key stands in the columns By, goes first.
type After struct {
	Stream string  `yaml:"stream"`
	By     Columns `yaml:"by"`
}

// Columns is one column name or a list of them.
type Columns []string

// Deadline is the legal limit of a stream.
type Deadline struct {
	Starts      string `yaml:"starts"` // an expression over date columns: earliest(检查日期, 录入时间)
	WorkingDays int    `yaml:"working_days"`
	Basis       string `yaml:"basis"` // the law or notice that sets the limit
}

// Route sends records elsewhere than to the platform.
type Route struct {
	When string `yaml:"when"`
	To   string `yaml:"to"` // a channel: "site"
}

// Withhold keeps records back: state secrets, trade secrets, privacy (企业信息公示暂行条例 art. 3).
type Withhold struct {
	When     string `yaml:"when"`
	Ground   string `yaml:"ground"`
	Approval string `yaml:"approval"` // the column that holds the approving document's number
}

// Field maps one local column, or an expression over several, to one platform field. In a pull mapping From is the
// platform's field and To the local column: data always flows from From to To.
type Field struct {
	From     string `yaml:"from,omitempty"`
	Expr     string `yaml:"expr,omitempty"`
	To       string `yaml:"to"`
	Is       Kind   `yaml:"is,omitempty"` // text when empty
	As       string `yaml:"as,omitempty"` // a name of mapping/schema
	Codes    string `yaml:"codes,omitempty"`
	Split    string `yaml:"split,omitempty"` // separators: each character of it separates; the value becomes a list
	Join     string `yaml:"join,omitempty"`  // the list is sent as one text, joined by this
	Default  string `yaml:"default,omitempty"`
	Required bool   `yaml:"required,omitempty"`
	Unit     string `yaml:"unit,omitempty"`      // money: 元 or 万元, of the local column
	SendUnit string `yaml:"send_unit,omitempty"` // money: the unit the platform wants, 元 when empty
	Max      int    `yaml:"max,omitempty"`       // longest text, in characters
	Format   string `yaml:"format,omitempty"`    // date: how the platform wants it, yyyy-MM-dd when empty
}

// Kind is what a value is.
type Kind string

// The kinds of value.
const (
	Text       Kind = "text"
	Integer    Kind = "integer"
	Decimal    Kind = "decimal"
	Money      Kind = "money"
	DateKind   Kind = "date"
	CreditCode Kind = "credit_code" // 统一社会信用代码, GB 32100-2015
	ID         Kind = "id"          // an opaque identifier: text, no blanks, never reinterpreted as a number
)

// Items maps the child rows of a record, such as one inspection item each.
type Items struct {
	Table  string  `yaml:"table,omitempty"`
	File   string  `yaml:"file,omitempty"`
	Sheet  string  `yaml:"sheet,omitempty"`
	Parent string  `yaml:"parent"` // the child's column that holds the parent's key
	Where  string  `yaml:"where,omitempty"`
	To     string  `yaml:"to"`
	Fields []Field `yaml:"fields"`
}

// Allow records who allowed sensitive columns to leave, and why.
type Allow struct {
	Columns  []string `yaml:"columns"`
	Ground   string   `yaml:"ground"`
	Approval string   `yaml:"approval"`
	By       string   `yaml:"by"`
}

// CodeList is one list of codes: local names and codes beside the platform's.
type CodeList struct {
	List   string     `yaml:"list"`
	Title  string     `yaml:"title"`
	Source string     `yaml:"source,omitempty"`
	Codes  []CodeItem `yaml:"codes"`
}

// CodeItem is one code. A local value matches if it equals Code, Name or one of Aliases after trimming.
type CodeItem struct {
	Code      string   `yaml:"code"`
	Name      string   `yaml:"name"`
	Aliases   []string `yaml:"aliases,omitempty"`
	Exclusive bool     `yaml:"exclusive,omitempty"` // holds alone in a set: 未发现问题
}
