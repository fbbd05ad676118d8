package jobs

import (
	"bufio"
	"encoding/gob"
	"errors"
	"io"
	"os"

	"creditsync/mapping"
)

// spool keeps the changed rows of a guarded read in a temporary file until the guard has spoken, so that memory does not
// grow with their number. The file is readable by its owner alone and gone after close.
type spool struct {
	file *os.File
	out  *bufio.Writer
	enc  *gob.Encoder
	rows int64
}

type spooled struct {
	Record mapping.Record
	Place  string
	Due    mapping.Date
	Former int64
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "creditsync-*.spool")
	if err != nil {
		return nil, &Failure{What: SpoolUnreadable, Args: []string{dir}, Err: err}
	}
	out := bufio.NewWriterSize(f, 1<<18)
	return &spool{file: f, out: out, enc: gob.NewEncoder(out)}, nil
}

func (s *spool) add(r *row) error {
	s.rows++
	if err := s.enc.Encode(spooled{r.Record, r.place, r.due, r.former}); err != nil {
		return s.failed(err)
	}
	return nil
}

// pages hands back what was added, in order; the page is valid until use returns.
func (s *spool) pages(size int, use func(p *page) error) error {
	if err := s.out.Flush(); err != nil {
		return s.failed(err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return s.failed(err)
	}
	dec := gob.NewDecoder(bufio.NewReaderSize(s.file, 1<<18))
	for p := (&page{}); ; p.rows = p.rows[:0] {
		end, err := s.fill(dec, p, size)
		if err != nil {
			return err
		}
		if len(p.rows) > 0 {
			if err := use(p); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
	}
}

func (s *spool) fill(dec *gob.Decoder, p *page, size int) (end bool, err error) {
	for len(p.rows) < size {
		var r spooled
		switch err := dec.Decode(&r); {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, s.failed(err)
		}
		p.rows = append(p.rows, row{Record: r.Record, place: r.Place, due: r.Due, former: r.Former})
	}
	return false, nil
}

func (s *spool) failed(err error) error {
	return &Failure{What: SpoolUnreadable, Args: []string{s.file.Name()}, Err: err}
}

func (s *spool) close() {
	_ = s.file.Close()           // a temporary file: nothing in it is needed any more
	_ = os.Remove(s.file.Name()) // nor is there anything to be done if it stays
}
