package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// operation is the operation of a row, as slo.yaml names it.
const operation = "settle order"

// settle settles all exports that no run has finished, in the order of their
// names.
func (j *job) settle(ctx context.Context) error {
	names, err := j.unfinished()
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := j.measured(ctx, name, i == len(names)-1); err != nil {
			return fmt.Errorf("settle %s: %w", name, err)
		}
	}
	return nil
}

// unfinished returns the names of the exports that have no result, sorted.
func (j *job) unfinished() (names []string, err error) {
	exports, err := os.ReadDir(j.exports)
	for _, export := range exports {
		if filepath.Ext(export.Name()) != ".csv" {
			continue
		}
		_, missing := os.Stat(filepath.Join(j.results, export.Name()))
		if errors.Is(missing, fs.ErrNotExist) {
			names = append(names, export.Name())
		} else {
			err = errors.Join(err, missing)
		}
	}
	return names, err
}

// measured settles an export with a span and a line in the log. Its rows are
// events, so the export itself is not counted.
func (j *job) measured(ctx context.Context, name string, last bool) error {
	call := j.kit.Instrument.Begin(ctx, middleware.CallInfo{Operation: "settle export", Omit: middleware.SignalEvent})
	err := j.settleExport(call.Context(), name, last)
	call.EndError(err)
	return err
}

// settleExport goes on where the last run of the export ended. The last export
// makes the run a success.
func (j *job) settleExport(ctx context.Context, name string, last bool) error {
	at := j.state.Position
	if at.Export != name {
		at = position{Export: name, Began: j.began}
	}
	in, err := openAt(filepath.Join(j.exports, name), at.Read)
	if err != nil {
		return err
	}
	defer in.Close()
	result := filepath.Join(j.results, name)
	out, err := cutAt(result+".part", at.Written)
	if err != nil {
		return err
	}
	if err := errors.Join(j.settleRows(ctx, in, out, at, last), out.Close()); err != nil {
		return err
	}
	if err := os.Rename(result+".part", result); err != nil {
		return err
	}
	return syncFolder(result)
}

// settleRows settles the rows from a position to the end. If ctx ends, it stops
// after a chunk.
func (j *job) settleRows(ctx context.Context, in io.Reader, out *os.File, at position, last bool) error {
	rows := bufio.NewReader(in)
	for {
		var c chunk
		more, err := c.fill(rows, j.chunk)
		if err != nil {
			return err
		}
		if err := j.commit(&at, &c, out, last && !more); err != nil || !more {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// commit makes a chunk permanent. Until the state is saved, a crash undoes the
// chunk: the next run cuts the result at the old position and settles the rows
// again.
func (j *job) commit(at *position, c *chunk, out *os.File, success bool) error {
	if _, err := out.Write(c.settled.Bytes()); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	j.kit.Recorder.RecordN(sli.Event{Operation: operation}, c.good)
	j.kit.Recorder.RecordN(sli.Event{Operation: operation, Err: errUnsettled}, c.bad)
	j.kit.Recorder.RecordN(sli.Event{Operation: operation, Ignore: sli.ReasonNotValid}, c.canceled)
	at.Read += c.read
	at.Written += int64(c.settled.Len())
	return j.update(func(st *state) {
		st.Position, st.Totals = *at, j.kit.Recorder.Report()
		if success {
			st.Success = at.Began
		}
	})
}

// openAt opens an export at a position.
func openAt(name string, at int64) (*os.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < at {
		err = fmt.Errorf("the export has %d bytes, but %d are settled", info.Size(), at)
	}
	if err == nil {
		_, err = file.Seek(at, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// cutAt opens the begin of a result, without the rows that a crash has undone.
func cutAt(name string, at int64) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < at {
		err = fmt.Errorf("the result has %d bytes, but %d are settled", info.Size(), at)
	}
	if err == nil {
		err = file.Truncate(at)
	}
	if err == nil {
		err = syncFolder(name)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// chunk is a number of rows that are settled together.
type chunk struct {
	good, bad, canceled uint64
	read                int64        // bytes of the export
	settled             bytes.Buffer // rows of the result
}

var errUnsettled = errors.New("order not settled")

// fill settles up to n rows. It reports whether the export may have more.
func (c *chunk) fill(rows *bufio.Reader, n int) (more bool, err error) {
	for range n {
		row, err := rows.ReadString('\n')
		if row != "" {
			c.read += int64(len(row))
			c.add(strings.TrimSpace(row))
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// add settles one row: order, state, and the amounts due and paid in cents. An
// order whose customer canceled it is ignored. If the row is unreadable or the
// amounts differ, it needs a person, and the event is bad.
func (c *chunk) add(row string) {
	fields := strings.Split(row, ",")
	if len(fields) != 4 {
		c.bad++
		return
	}
	if fields[1] == "canceled" {
		c.canceled++
		return
	}
	due, err := strconv.ParseUint(fields[2], 10, 63)
	paid, err2 := strconv.ParseUint(fields[3], 10, 63)
	if fields[1] != "delivered" || err != nil || err2 != nil || due != paid {
		c.bad++
		return
	}
	c.good++
	fmt.Fprintf(&c.settled, "%s,%d\n", fields[0], paid)
}
