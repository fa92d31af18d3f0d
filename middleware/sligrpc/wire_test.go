package sligrpc_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// The frames of HTTP/2 that the tests send or look for, by RFC 9113.
const (
	frameData     = 0
	frameHeaders  = 1
	frameRST      = 3
	frameSettings = 4
	framePing     = 6
	frameGoAway   = 7

	refusedStream = 7 // an error code
)

// frame is a frame of HTTP/2.
type frame struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

func readFrame(r io.Reader) (f frame, err error) {
	var head [9]byte
	if _, err = io.ReadFull(r, head[:]); err != nil {
		return f, err
	}
	f = frame{head[3], head[4], binary.BigEndian.Uint32(head[5:]) &^ (1 << 31), make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))}
	_, err = io.ReadFull(r, f.payload)
	return f, err
}

func (f frame) bytes() []byte {
	n := len(f.payload)
	head := []byte{byte(n >> 16), byte(n >> 8), byte(n), f.kind, f.flags}
	return append(binary.BigEndian.AppendUint32(head, f.stream), f.payload...)
}

// wire is a connection through a proxy that sees the frames.
type wire struct {
	nth            int // connection of the proxy, from 1
	client, server net.Conn
	mu             sync.Mutex // of writes
	refused        map[uint32]bool
}

func (w *wire) send(to net.Conn, f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := to.Write(f.bytes())
	return err
}

// cut closes both ends.
func (w *wire) cut() {
	_ = w.client.Close()
	_ = w.server.Close()
}

// refuse answers that a stream was not processed. The proxy drops its frames.
func (w *wire) refuse(stream uint32) {
	w.refused[stream] = true
	_ = w.send(w.client, frame{frameRST, 0, stream, []byte{0, 0, 0, refusedStream}})
}

// goAway tells the client that no stream was processed.
func (w *wire) goAway() { _ = w.send(w.client, frame{frameGoAway, 0, 0, make([]byte, 8)}) }

// proxy returns the address of a proxy. It asks a function whether to pass on
// a frame of a client.
func proxy(t *testing.T, server string, pass func(*wire, frame) bool) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wires sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		wires.Wait()
	})
	wires.Go(func() {
		for n := 1; ; n++ {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			w := &wire{nth: n, client: client, refused: make(map[uint32]bool)}
			if w.server, err = net.Dial("tcp", server); err != nil {
				_ = client.Close()
				continue
			}
			wires.Go(func() { w.fromClient(pass) })
			wires.Go(w.fromServer)
		}
	})
	return listener.Addr().String()
}

// fromClient passes on the frames of the client.
func (w *wire) fromClient(pass func(*wire, frame) bool) {
	defer w.cut()
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(w.client, preface); err != nil {
		return
	}
	if _, err := io.Copy(w.server, bytes.NewReader(preface)); err != nil {
		return
	}
	for {
		f, err := readFrame(w.client)
		if err != nil {
			return
		}
		if pass(w, f) && !w.refused[f.stream] {
			if err := w.send(w.server, f); err != nil {
				return
			}
		}
	}
}

// fromServer passes on the frames of the server. Its first one forbids the
// client a table of headers, so that a frame of headers can be dropped.
func (w *wire) fromServer() {
	defer w.cut()
	for first := true; ; first = false {
		f, err := readFrame(w.server)
		if err != nil {
			return
		}
		if first && f.kind == frameSettings {
			f.payload = append(f.payload, 0, 1, 0, 0, 0, 0)
		}
		if err := w.send(w.client, f); err != nil {
			return
		}
	}
}
