package mapping

import (
	"encoding/binary"
	"strconv"

	"github.com/cespare/xxhash/v2"
)

// appendItems writes the child rows that belong, in the order the registry gave them; nothing if there are none.
func (s *state) appendItems(dst []byte, p *Plan, rows []Row) []byte {
	mark := len(dst)
	dst = append(append(dst, p.items.name...), '[')
	start := len(dst)
	for i, row := range rows {
		dst = s.appendItem(dst, p.items, row, i)
	}
	if len(dst) == start {
		return dst[:mark]
	}
	dst[len(dst)-1] = ']'
	return append(dst, ',')
}

func (s *state) appendItem(dst []byte, p *itemPlan, row Row, n int) []byte {
	prefix := string(strconv.AppendInt(append(append([]byte(nil), p.name[1:len(p.name)-2]...), '['), int64(n), 10)) + "]."
	for _, fault := range row.Faults {
		fault.Field = prefix + fault.Field
		s.rec.Faults = append(s.rec.Faults, fault)
	}
	cells := s.acceptItem(p, row, prefix)
	s.item.fill(&p.columns, cells)
	if p.where != nil {
		out, fault := p.where.run(&s.vm, s.item.env)
		if fault != nil {
			s.report(fault, prefix, p.where)
			return dst
		}
		if !out.(bool) {
			return dst
		}
	}
	dst = append(dst, '{')
	for i := range p.fields {
		dst = s.appendField(dst, &p.fields[i], cells, s.item.env, prefix)
	}
	return append(closeObject(dst), ',')
}

// acceptItem is accept for a child row.
func (s *state) acceptItem(p *itemPlan, row Row, prefix string) []string {
	s.itemCells = s.itemCells[:0]
	for i, name := range p.columns.names {
		cell := ""
		if i < len(row.Cells) {
			cell = row.Cells[i]
		}
		if code := unusable(cell); code != "" {
			s.report(&Fault{What: code, Column: name}, prefix, nil)
			cell = ""
		}
		s.itemCells = append(s.itemCells, clean(cell))
	}
	return s.itemCells
}

// sourceHash covers every cell that the plan reads and every child row, each with its length, so that no two different
// rows are written alike. xxHash64: the same on every machine and in every version.
func (s *state) sourceHash(row Row) int64 {
	b := appendCells(s.hashed[:0], row.Cells)
	for _, item := range row.Items {
		b = appendCells(b, item.Cells)
	}
	s.hashed = b
	return int64(xxhash.Sum64(b))
}

func appendCells(b []byte, cells []string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(cells)))
	for _, c := range cells {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(c))), c...)
	}
	return b
}
