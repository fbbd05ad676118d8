package mapping

import (
	"strings"
	"unicode"
)

// sensitiveWords stand inside Chinese column names, by the fault they make. Survey results are classified (自然资发〔2020〕95号).
func sensitiveWords() map[string][]string {
	return map[string][]string{
		SpecPlace:    {"坐标", "经度", "纬度", "经纬", "图形", "宗地图", "界址点", "拐点", "矢量", "几何", "空间数据", "四至点"},
		SpecIdentity: {"身份证", "公民身份", "身份号码", "居民证", "个人证件"},
		SpecPhone:    {"手机", "电话", "联系方式", "联系号码", "移动号码", "通讯方式"},
	}
}

// sensitiveTokens are whole words of Latin column names, pinyin abbreviations of the vendors included: LXDH is 联系电话.
func sensitiveTokens() map[string][]string {
	return map[string][]string{
		SpecPlace: {"lon", "lat", "lng", "longitude", "latitude", "geom", "geometry", "geo", "wkt", "wkb", "geojson",
			"shape", "coord", "coords", "coordinate", "coordinates", "polygon", "zb", "zbx", "zby", "xzb", "yzb", "hzb", "zzb",
			"jd", "wd", "jwd", "jzd", "jzdzb", "gdzb", "zdt", "txsj", "kjsj", "x", "y", "zuobiao", "jingdu", "weidu"},
		SpecIdentity: {"sfz", "sfzh", "sfzhm", "sfzjh", "sfzjhm", "gmsfhm", "gmsfzh", "gmsfzhm", "zjhm", "idcard", "idcardno",
			"idno", "idnum", "citizenid", "identityno", "identitycard", "shenfenzheng"},
		SpecPhone: {"lxdh", "lxfs", "lxsj", "lxsjh", "sj", "sjh", "sjhm", "dh", "dhhm", "yddh", "gddh", "bgdh", "phone", "phoneno",
			"mobile", "mobileno", "tel", "telno", "telephone", "cellphone", "contactphone", "shouji", "dianhua"},
	}
}

// sensitiveColumn gives the fault of a column whose name says that it holds what must not leave, "" if it has none.
func sensitiveColumn(name string) string {
	name = nfkc(name)
	for what, words := range sensitiveWords() {
		for _, w := range words {
			if strings.Contains(name, w) {
				return what
			}
		}
	}
	words := latinWords(name)
	for what, tokens := range sensitiveTokens() {
		for _, t := range tokens {
			for _, w := range words {
				if w == t {
					return what
				}
			}
		}
	}
	return ""
}

// latinWords are the words of a Latin name: the whole without underscores and digits at its end, each part between
// underscores, and each part of camelCase.
func latinWords(name string) []string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words := []string{strings.ToLower(strings.Join(parts, ""))}
	for _, p := range parts {
		words = append(words, strings.ToLower(p))
		start := 0
		for i := 1; i < len(p); i++ {
			if unicode.IsUpper(rune(p[i])) && unicode.IsLower(rune(p[i-1])) {
				words = append(words, strings.ToLower(p[start:i]))
				start = i
			}
		}
		words = append(words, strings.ToLower(p[start:]))
	}
	for i, w := range words {
		words[i] = strings.TrimRight(w, "0123456789")
	}
	return words
}
