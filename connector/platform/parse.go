package platform

import (
	"cmp"
	"slices"
	"strings"

	"creditsync/mapping"
	"creditsync/mapping/source"
)

// ParseProfile reads a profile and checks all of it: every fault at once, with its place in the file. Placeholders stay as
// they are; what they stand for is checked by New.
func ParseProfile(file string, b []byte) (Profile, mapping.Faults) {
	var p Profile
	faults := source.Decode(file, b, &p)
	reported, whole := reportedPaths(faults)
	_, c := compile(p)
	for _, f := range c.faults {
		if within(f.Field, reported) || !whole && tellsOfAbsence(f.What) {
			continue
		}
		f.File = file
		f.Line, f.Col = source.Locate(file, b, f.Field)
		faults = append(faults, f)
	}
	slices.SortStableFunc(faults, func(a, b mapping.Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col)) })
	return p, faults
}

// missingKey is what strict reading calls a key that is not there; its fault stands at the parent.
const missingKey = "file.missing_key"

// reportedPaths are the places strict reading has already complained about, so that one slip is not told twice; whole
// says that the file could be read to its end.
func reportedPaths(faults mapping.Faults) (paths []string, whole bool) {
	whole = true
	for _, f := range faults {
		switch {
		case f.Field == "":
			whole = false
		case f.What == missingKey && len(f.Args) > 0:
			paths = append(paths, f.Field+"."+f.Args[0])
		default:
			paths = append(paths, f.Field)
		}
	}
	return paths, whole
}

// tellsOfAbsence: of a file that was read in parts nobody knows what it lacks.
func tellsOfAbsence(code string) bool {
	return slices.Contains([]string{faultMissing, faultUnpaired, faultEmpty, faultUnplaced}, code)
}

func within(path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		return path == p || strings.HasPrefix(path, p+".") || strings.HasPrefix(path, p+"[")
	})
}
