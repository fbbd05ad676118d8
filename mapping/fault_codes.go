package mapping

// The codes of what can be wrong with a value: each is a Fault of a row. The first argument of every one is the column
// (or the field, where no single column is to blame), the second the value, shortened and masked.
const (
	Required         = "value.required"
	NotAnInteger     = "value.not_an_integer"
	NotANumber       = "value.not_a_number"
	NotMoney         = "value.not_money"
	TooManyDigits    = "value.too_many_digits"
	Scientific       = "value.scientific" // a number that Excel has already rounded
	NotADate         = "value.not_a_date"
	ImpossibleDate   = "value.impossible_date"
	TwoDigitYear     = "value.two_digit_year"
	DateWithoutDay   = "value.date_without_day"
	ExcelSerial      = "value.excel_serial"
	CreditCodeLength = "value.credit_code_length"
	CreditCodeChars  = "value.credit_code_charset"
	CreditCodeCheck  = "value.credit_code_check"
	UnknownCode      = "value.unknown_code"
	ExclusiveCode    = "value.exclusive_code"
	TooLong          = "value.too_long"
	NullKey          = "value.null_key"
	KeyControl       = "value.key_control"
	KeyTooLong       = "value.key_too_long"
	InvalidUTF8      = "value.invalid_utf8"
	TextTooLarge     = "value.text_too_large"
	NoApproval       = "value.no_approval"
	ExpressionFailed = "value.expression_failed"
	HoldsCitizenID   = "value.citizen_id"
	HoldsPhone       = "value.phone_number"
	WrongType        = "value.wrong_type"
	NotJSON          = "value.not_json"
)

// The codes of what can be wrong with a mapping: each is a static Fault, found by Compile.
const (
	SpecMissing         = "spec.missing" // the argument is the key that must be there
	SpecUnknownWay      = "spec.unknown_direction"
	SpecUnknownKind     = "spec.unknown_kind"
	SpecUnknownUnit     = "spec.unknown_unit"
	SpecUnknownCodes    = "spec.unknown_codes"
	SpecUnknownName     = "spec.unknown_name" // of mapping/schema
	SpecNameKind        = "spec.name_kind"
	SpecAmbiguousCode   = "spec.ambiguous_code"
	SpecSource          = "spec.source"
	SpecFromOrExpr      = "spec.from_or_expr"
	SpecDuplicate       = "spec.duplicate"
	SpecExpression      = "spec.bad_expression"
	SpecDuration        = "spec.bad_duration"
	SpecFormat          = "spec.bad_format"
	SpecDefault         = "spec.bad_default"
	SpecMax             = "spec.bad_max"
	SpecOption          = "spec.option_not_for_kind"
	SpecDays            = "spec.bad_days"
	SpecBasis           = "spec.missing_basis"
	SpecPlace           = "spec.sensitive_place"    // coordinates, geometry
	SpecIdentity        = "spec.sensitive_identity" // citizen ids
	SpecPhone           = "spec.sensitive_phone"
	SpecAllow           = "spec.allow_incomplete"
	SpecPushOnly        = "spec.push_only"
	SpecKeyNotAField    = "spec.key_not_a_field"
	SpecJoinWithoutList = "spec.join_without_split"
	SpecNoColumn        = "spec.no_such_column" // expression, column that the plan does not read
)

// FaultCodes are all codes above: the catalogue must have a sentence for each, and the tests of this room an example.
func FaultCodes() []string {
	return []string{
		Required, NotAnInteger, NotANumber, NotMoney, TooManyDigits, Scientific, NotADate, ImpossibleDate, TwoDigitYear,
		DateWithoutDay, ExcelSerial, CreditCodeLength, CreditCodeChars, CreditCodeCheck, UnknownCode, ExclusiveCode,
		TooLong, NullKey, KeyControl, KeyTooLong, InvalidUTF8, TextTooLarge, NoApproval, ExpressionFailed,
		HoldsCitizenID, HoldsPhone, WrongType, NotJSON,
		SpecMissing, SpecUnknownWay, SpecUnknownKind, SpecUnknownUnit, SpecUnknownCodes, SpecUnknownName, SpecNameKind,
		SpecAmbiguousCode, SpecSource, SpecFromOrExpr, SpecDuplicate, SpecExpression, SpecDuration, SpecFormat,
		SpecDefault, SpecMax, SpecOption, SpecDays, SpecBasis, SpecPlace, SpecIdentity, SpecPhone, SpecAllow, SpecPushOnly,
		SpecKeyNotAField, SpecJoinWithoutList, SpecNoColumn,
	}
}

// wrong is a fault of a value before it is known where the value stands.
func wrong(code string, args ...string) *Fault { return &Fault{What: code, Args: args} }
