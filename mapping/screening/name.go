package screening

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// name is a name in its parts, as 企业名称登记管理规定 art. 6 orders them: region, trade name with trade, form; and behind
// them, what makes it a branch.
type name struct {
	text   string   // normalised whole
	region []string // 河南, 平顶山市, 宝丰县
	core   string   // trade name and trade, without brackets
	form   string   // 有限公司, 合作社; empty for shops and persons
	branch string   // 宝丰分公司
}

// nameOf takes a name apart. Whole names are compared by text alone.
func nameOf(raw string) name {
	n := name{text: normalize(raw)}
	if placeholder(n.text) {
		return name{}
	}
	rest := unbracketed(n.text)
	rest, n.branch = cutBranch(rest)
	rest, n.form = cutForm(rest)
	n.region, n.core = cutRegion(rest)
	return n
}

func unbracketed(text string) string {
	if !strings.ContainsAny(text, "()") {
		return text
	}
	return strings.NewReplacer("(", "", ")", "").Replace(text)
}

// normalize makes a name comparable: half-width (NFKC), upper case, brackets of one kind, no blanks, nothing that nobody
// sees, no full stop at the end.
func normalize(raw string) string {
	if !strings.ContainsFunc(raw, uncommon) {
		return raw
	}
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		case strings.ContainsRune("[{【〔〖「『<《〈", r):
			return '('
		case strings.ContainsRune("]}】〕〗」』>》〉", r):
			return ')'
		case strings.ContainsRune("·•‧∙・．.", r):
			return '·'
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(raw)) // Map copies only what it changes
	return strings.Trim(text, "·。,;、“”\"'")
}

// uncommon characters are all but those of which nearly every name is made, and which stay as they are.
func uncommon(r rune) bool {
	return (r < 0x4e00 || r > 0x9fff) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '(' && r != ')'
}

// placeholders stand where there is no name.
var placeholders = []string{"", "无", "—", "不详", "未知", "暂无", "NULL", "NONE", "N/A", "/"}

func placeholder(text string) bool {
	return slices.Contains(placeholders, text) || strings.Trim(text, "*-_?0") == ""
}

// strongForms are those of organisations, whose names are registered; longest first where one ends another.
var strongForms = []string{"股份合作公司", "股份有限公司", "有限责任公司", "有限公司", "集团公司", "总公司", "公司", "专业合作社", "联合社", "合作社",
	"特殊普通合伙", "普通合伙", "有限合伙", "合伙企业", "事务所", "银行", "信用社", "医院", "大学", "学院", "学校", "委员会", "协会", "基金会", "集团"}

func cutForm(text string) (rest, form string) {
	for _, f := range strongForms {
		if rest, ok := strings.CutSuffix(text, f); ok {
			return rest, f
		}
	}
	if rest, ok := strings.CutSuffix(text, "厂"); ok {
		return rest, "厂"
	}
	return text, ""
}

// registered says that the name is one of an organisation: nobody else bears it where it is registered. Names of shops and
// workshops (个体工商户) are borne by many.
func (n name) registered() bool { return n.form != "" && n.form != "厂" }

// branches are what a branch calls itself; wholes are what stands before that.
var (
	branches = []string{"分公司", "分厂", "分店", "分行", "支行", "分社", "分所", "分会", "分部", "营业部", "营业所", "经营部", "门市部", "服务部", "项目部",
		"办事处", "代表处", "联络处", "工会委员会", "加油站", "收购站", "车间"}
	wholes = []string{"公司", "合作社", "联合社", "银行", "信用社", "事务所", "集团", "厂"}
)

// cutBranch finds the part behind the form of an organisation that makes it a branch of that.
func cutBranch(text string) (rest, branch string) {
	if !slices.ContainsFunc(branches, func(b string) bool { return strings.HasSuffix(text, b) }) {
		return text, ""
	}
	for _, f := range wholes {
		if at := strings.Index(text, f); at > 0 && at+len(f) < len(text) {
			return text[:at+len(f)], text[at+len(f):]
		}
	}
	return text, ""
}

var provinces = []string{"北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
	"湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆", "台湾", "香港", "澳门"}

// cutRegion takes the regions off the front. One that would leave nothing behind it was none.
func cutRegion(text string) (regions []string, core string) {
	for _, p := range provinces {
		if rest, ok := strings.CutPrefix(text, p); ok {
			rest = cutAny(rest, "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市")
			if rest != "" {
				regions, text = append(regions, p), rest
			}
			break
		}
	}
	for len(regions) < 4 {
		place, rest := cutPlace(text)
		if place == "" || rest == "" {
			break
		}
		regions, text = append(regions, place), rest
	}
	return regions, text
}

func cutAny(text string, prefixes ...string) string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(text, p); ok {
			return rest
		}
	}
	return text
}

// cutPlace takes a city or county off the front: at most five characters up to 市, 县, 区 or 旗, which are no part of such
// words as 超市 or 园区.
func cutPlace(text string) (place, rest string) {
	n, last := 0, rune(0)
	for i, r := range text {
		if n > 5 {
			break
		}
		if n >= 1 && r == '县' || n >= 2 && (r == '市' || r == '区' || r == '旗') && !ordinary(last, r) {
			end := i + len("县")
			return text[:end], text[end:]
		}
		n, last = n+1, r
	}
	return "", text
}

// ordinary tells such pairs as 超市 by their first character.
func ordinary(before, last rune) bool {
	switch last {
	case '市':
		return strings.ContainsRune("超都城门菜花上股夜楼早集", before)
	case '区':
		return strings.ContainsRune("小社园景矿校厂库山林牧片", before)
	}
	return strings.ContainsRune("红国锦彩", before)
}
