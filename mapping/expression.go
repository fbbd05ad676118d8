package mapping

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// The bounds of one expression: how much a run of it may allocate, in the virtual machine's own units, and how many
// nodes it may have. There are no loops in the language, so the nodes bound the steps.
const (
	memoryBudget = 100_000
	maxNodes     = 500
)

// expression is one compiled expression over the columns of a row. It keeps no state of a run.
type expression struct {
	text    string
	columns []string // what it reads, in the order of first use
	program *vm.Program
	// days are the columns of a plain earliest(…) or latest(…), which needs no machine; nil for any other expression.
	days   []string
	latest bool
	// pieces make up a plain concatenation of columns and texts, which needs no machine either; nil for any other.
	pieces []piece
}

// allowedBuiltin tells whether an expression may call this function of expr besides ours: none of them loops, none asks
// for the time. (expr's own switch for disabling does not reach all, any, filter and their like.)
func allowedBuiltin(name string) bool {
	switch name {
	case "date", // ours takes the place of expr's
		"abs", "ceil", "float", "floor", "hasPrefix", "hasSuffix", "indexOf", "int", "join", "lastIndexOf", "len",
		"lower", "max", "min", "replace", "round", "split", "string", "trim", "trimPrefix", "trimSuffix", "upper":
		return true
	}
	return false
}

// compileExpression compiles text; a condition has to be true or false.
func compileExpression(text string, condition bool) (*expression, *Fault) {
	columns, err := columnsOf(text)
	if err != nil {
		return nil, badExpression(text, err)
	}
	rewrite := &rewriter{}
	env := make(map[string]any, len(columns))
	for _, c := range columns {
		env[c] = ""
	}
	options := []expr.Option{
		expr.Env(env), expr.MaxNodes(maxNodes), expr.Patch(rewrite),
		expr.Function("earliest", earliest, new(func(...any) time.Time)),
		expr.Function("latest", latest, new(func(...any) time.Time)),
		expr.Function("date", oneDate, new(func(...any) time.Time)),
		expr.Function("number", oneNumber, new(func(...any) any)),
	}
	if condition {
		options = append(options, expr.AsBool())
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		return nil, badExpression(text, err)
	}
	e := &expression{text: text, columns: columns, program: program}
	e.days, e.latest = plainDays(text)
	e.pieces = plainConcatenation(text)
	return e, nil
}

// badExpression names the place inside the expression, counted from 1, and the library's words.
func badExpression(text string, err error) *Fault {
	var at *file.Error
	if !errors.As(err, &at) {
		return wrong(SpecExpression, text, "1:1", err.Error())
	}
	return wrong(SpecExpression, text, fmt.Sprintf("%d:%d", at.Line, at.Column+1), at.Message)
}

// run evaluates the expression. A failure is a fault of the row, with the value's own fault when one is to blame.
func (e *expression) run(m *vm.VM, env map[string]any) (any, *Fault) {
	m.MemoryBudget = memoryBudget
	out, err := m.Run(e.program, env)
	if err == nil {
		return out, nil
	}
	var at *file.Error
	if errors.As(err, &at) {
		var f *valueError
		if errors.As(at.Prev, &f) {
			return nil, &Fault{What: f.fault.What, Args: f.fault.Args, Column: f.fault.Column}
		}
		return nil, wrong(ExpressionFailed, e.text, at.Message)
	}
	return nil, wrong(ExpressionFailed, e.text, err.Error())
}

// valueError carries a fault out of the virtual machine.
type valueError struct{ fault *Fault }

func (e *valueError) Error() string { return e.fault.Error() }

func failed(column, code, value string) error {
	return &valueError{&Fault{What: code, Args: []string{value}, Column: column}}
}

// The functions below take each of their arguments as two, the column's name (empty if it is none) and the value: the
// rewriter adds the names, so that a fault can say which column is to blame.

func earliest(params ...any) (any, error) { return choose(params, time.Time.Before) }

func latest(params ...any) (any, error) { return choose(params, time.Time.After) }

// choose gives the best of the days; empty ones do not count. The zero time is no date, and before every date.
func choose(params []any, better func(a, b time.Time) bool) (any, error) {
	var best time.Time
	for i := 0; i+1 < len(params); i += 2 {
		t, err := timeOf(params[i].(string), params[i+1])
		if err != nil {
			return nil, err
		}
		if !t.IsZero() && (best.IsZero() || better(t, best)) {
			best = t
		}
	}
	return best, nil
}

// oneDate is date(x): unlike in earliest, an empty value is a fault, because there is nothing to compare with.
func oneDate(params ...any) (any, error) {
	if len(params) != 2 {
		return nil, errors.New("date takes one value")
	}
	t, err := timeOf(params[0].(string), params[1])
	if err == nil && t.IsZero() {
		err = failed(params[0].(string), NotADate, "")
	}
	return t, err
}

func timeOf(column string, v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case string:
		v = clean(v)
		if v == "" || openEnded(v) {
			return time.Time{}, nil
		}
		m, code := parseMoment(v)
		if code != "" {
			return time.Time{}, failed(column, code, v)
		}
		return time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC), nil
	}
	return time.Time{}, failed(column, NotADate, fmt.Sprint(v))
}

// oneNumber is number(x): exact for integers, a float64 otherwise, for comparing only.
func oneNumber(params ...any) (any, error) {
	if len(params) != 2 {
		return nil, errors.New("number takes one value")
	}
	s, ok := params[1].(string)
	if !ok {
		return params[1], nil
	}
	d, code := parseDecimal(clean(s))
	if code != "" {
		return nil, failed(params[0].(string), code, s)
	}
	text := d.text(s, 0)
	if n, err := strconv.Atoi(text); err == nil {
		return n, nil
	}
	return strconv.ParseFloat(text, 64)
}
