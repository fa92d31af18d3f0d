package otlp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// readAnswer returns the error of a response with a status of success: spans
// that the receiver rejected, a warning, or nil.
func readAnswer(a post.Answer) error {
	if len(bytes.TrimSpace(a.Body)) == 0 {
		return nil
	}
	var p partialSuccess
	var err error
	if a.ContentType == "application/json" || bytes.HasPrefix(a.Body, []byte("{")) {
		err = p.readJSON(a.Body)
	} else {
		err = p.readProtobuf(a.Body)
	}
	if err != nil && p.rejected == 0 {
		return &tracing.ExportError{
			Err:      fmt.Errorf("unexpected response: %w: %s", err, post.Excerpt(string(a.Body))),
			Accepted: true,
		}
	}
	return rejection(p.rejected, p.message)
}

// partialSuccess is the content of an ExportTraceServiceResponse.
type partialSuccess struct {
	rejected int64
	message  string
}

// readProtobuf reads a response. Its field 1 contains the number of rejected
// spans (1) and a message (2). If the response is cut, readProtobuf reads the
// rest and returns an error.
func (p *partialSuccess) readProtobuf(answer []byte) error {
	var inner error
	outer := eachField(answer, func(number protowire.Number, _ uint64, partial []byte) {
		if number != 1 {
			return
		}
		inner = eachField(partial, func(number protowire.Number, value uint64, text []byte) {
			switch number {
			case 1:
				p.rejected = int64(value) //nolint:gosec // as it was encoded
			case 2:
				p.message = string(text)
			}
		})
	})
	return errors.Join(outer, inner)
}

// readJSON reads a response in JSON, as some receivers send in spite of the
// request's encoding. Its numbers may be texts.
func (p *partialSuccess) readJSON(answer []byte) error {
	var response map[string]json.RawMessage
	if err := json.Unmarshal(answer, &response); err != nil {
		return errors.New("malformed JSON")
	}
	partial, found := response["partialSuccess"]
	if !found && len(response) > 0 {
		return errors.New("JSON of something else")
	}
	var fields struct {
		RejectedSpans json.RawMessage `json:"rejectedSpans"`
		ErrorMessage  string          `json:"errorMessage"`
	}
	if err := json.Unmarshal(partial, &fields); found && err != nil {
		return errors.New("malformed JSON")
	}
	p.rejected, _ = strconv.ParseInt(strings.Trim(string(fields.RejectedSpans), `"`), 10, 64)
	p.message = fields.ErrorMessage
	return nil
}

// explain returns the message of the google.rpc.Status that receivers send as
// an error, in JSON or as field 2, or the whole response if it is something
// else.
func explain(answer []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer, &status); err == nil && status.Message != "" {
		return status.Message
	}
	var message string
	if err := eachField(answer, func(number protowire.Number, _ uint64, text []byte) {
		if number == 2 {
			message = string(text)
		}
	}); err != nil || message == "" {
		return string(answer)
	}
	return message
}

var errMalformed = errors.New("malformed protobuf")

// eachField calls f for the varints and the length-delimited fields of a
// message. The last one may be cut.
func eachField(message []byte, f func(number protowire.Number, varint uint64, bytes []byte)) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errMalformed
		}
		message = message[n:]
		varint, bytes, n := consumeValue(number, kind, message)
		if n < 0 {
			if bytes != nil {
				f(number, 0, bytes)
			}
			return errMalformed
		}
		message = message[n:]
		if kind == protowire.VarintType || kind == protowire.BytesType {
			f(number, varint, bytes)
		}
	}
	return nil
}

// consumeValue parses a field's value and returns its length, which is negative
// if the value is malformed or cut. It skips values of other kinds.
func consumeValue(number protowire.Number, kind protowire.Type, message []byte) (varint uint64, bytes []byte, n int) {
	switch kind {
	case protowire.VarintType:
		varint, n = protowire.ConsumeVarint(message)
	case protowire.BytesType:
		if bytes, n = protowire.ConsumeBytes(message); n < 0 {
			if _, prefix := protowire.ConsumeVarint(message); prefix > 0 {
				bytes = message[prefix:]
			}
		}
	default:
		n = protowire.ConsumeFieldValue(number, kind, message)
	}
	return varint, bytes, n
}
