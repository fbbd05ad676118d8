package schema

import "strings"

// Kind is what a field's value is; the words are those of a mapping's `is:`.
type Kind string

// The kinds of field.
const (
	Text       Kind = "text"
	Integer    Kind = "integer"
	Decimal    Kind = "decimal"
	Money      Kind = "money" // in 元
	Date       Kind = "date"
	CreditCode Kind = "credit_code"
	ID         Kind = "id"
)

// Field is one name of ours.
type Field struct {
	Name  string
	Title string // the standard term, in Chinese
	Kind  Kind
}

// Family is a kind of record that several streams may carry: every credit list is of the family List.
type Family string

// The families.
const (
	Item           Family = "item"            // 随机抽查事项
	Object         Family = "object"          // 检查对象
	Inspector      Family = "inspector"       // 执法检查人员
	Task           Family = "task"            // 抽查任务
	DrawnObject    Family = "drawn_object"    // 抽取的检查对象
	DrawnInspector Family = "drawn_inspector" // 抽取的检查人员
	Result         Family = "result"          // 抽查检查结果
	List           Family = "list"            // 信用名单
)

// Of is the family of a stream, and false for a stream that has none: there `as:` may name nothing. Every stream whose
// name begins with "list_" is a credit list.
func Of(stream string) (Family, bool) {
	switch stream {
	case "inspection_items":
		return Item, true
	case "inspection_objects":
		return Object, true
	case "inspectors":
		return Inspector, true
	case "tasks":
		return Task, true
	case "drawn_objects":
		return DrawnObject, true
	case "drawn_inspectors":
		return DrawnInspector, true
	case "inspection_results":
		return Result, true
	}
	return List, strings.HasPrefix(stream, "list_")
}

// Fields are the names of a family, in the order of the standard's table.
func (f Family) Fields() []Field {
	switch f {
	case Item:
		return itemFields()
	case Object:
		return objectFields()
	case Inspector:
		return inspectorFields()
	case Task:
		return taskFields()
	case DrawnObject:
		return drawnObjectFields()
	case DrawnInspector:
		return drawnInspectorFields()
	case Result:
		return resultFields()
	case List:
		return listFields()
	}
	return nil
}

// Field is the family's field of that name.
func (f Family) Field(name string) (Field, bool) {
	for _, field := range f.Fields() {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

// Names are the names of the family's fields, for the sentence that says what may be written.
func (f Family) Names() []string {
	fields := f.Fields()
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	return names
}
