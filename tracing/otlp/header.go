package otlp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/tracing/internal/post"
)

// checkHeader returns the mistake in a header, or nil. gRPC allows less than
// HTTP: it drops the names that it reserves without an error, and refuses
// every request with a name or value that it cannot send.
func (p Protocol) checkHeader(name, value string) error {
	err := post.CheckHeader(name, value)
	if err != nil || p != ProtocolGRPC {
		return err
	}
	lower := strings.ToLower(name)
	switch {
	case lower == "user-agent", strings.HasPrefix(lower, "grpc-"):
		return fmt.Errorf("header %q cannot be set: gRPC reserves it", name)
	case strings.ContainsFunc(lower, notInMetadata):
		return errors.New("invalid header name: gRPC allows letters, digits and -_. only")
	case !strings.HasSuffix(lower, "-bin") && strings.ContainsFunc(value, notPrintable):
		return errors.New("value has characters that are not printable ASCII, which gRPC cannot send")
	}
	return nil
}

// notInMetadata reports whether the key of gRPC's metadata must not contain r.
func notInMetadata(r rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.", r)
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }
