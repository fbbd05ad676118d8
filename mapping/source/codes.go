package source

// The codes of the faults of a file.
const (
	tooLarge     = "file.too_large"            // bytes, limit
	binary       = "file.binary"               // not text at all
	badEncoding  = "file.bad_encoding"         // neither whole UTF-8 nor GB18030
	controlChar  = "file.control_character"    // the character's number
	empty        = "file.empty"                // nothing but comments
	severalDocs  = "file.several_documents"    // a second --- document
	tab          = "file.tab"                  // a tab indents
	wideSpace    = "file.fullwidth_space"      // U+3000 or U+00A0 where YAML wants a space
	wideColon    = "file.fullwidth_colon"      // key
	wideComma    = "file.fullwidth_comma"      //
	wideQuote    = "file.fullwidth_quote"      // the quoted text
	wideInExpr   = "file.fullwidth_expression" // character, what to write instead
	colonSpace   = "file.colon_needs_space"    // key
	syntax       = "file.syntax"               // the library's words
	feature      = "file.yaml_feature"         // which feature
	tooDeep      = "file.too_deep"             // the limit
	unknownKey   = "file.unknown_key"          // key, nearest known key or "", all known keys
	duplicateKey = "file.duplicate_key"        // key, line of the first
	missingKey   = "file.missing_key"          // key
	emptyValue   = "file.empty_value"          // key
	notAList     = "file.not_a_list"           //
	notABlock    = "file.not_a_block"          // keys with values wanted
	notAValue    = "file.not_a_value"          // one value wanted
	badValue     = "file.bad_value"            // value, nearest allowed or "", all allowed
	badText      = "file.bad_text"             // value, why (the type's own words)
	notANumber   = "file.not_a_number"         // value
	outOfRange   = "file.out_of_range"         // value
	notADuration = "file.not_a_duration"       // value
	codeTwice    = "file.code_twice"           // name, first code, second code
)
