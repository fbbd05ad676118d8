// Package source reads the YAML that people edit: mappings, code lists and the structs of other rooms.
//
// It promises that every fault of a file is reported at once, each with its file, line and column counted in
// characters of the file as the administrator sees it, and that nothing is read leniently: an unknown or doubled key, a
// wrong type, a missing value or a second document is a fault. Files from Windows editors are read as they are: UTF-8
// with or without byte order mark, UTF-16 with one, GB18030, and any line ending.
//
// It does not promise that what it reads makes sense: that is mapping.Compile's business, or the room's whose struct
// it filled. Anchors, aliases, merge keys and tags of YAML are refused, because no clerk expects them.
package source
