package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

func ExampleNewDirect() {
	d := delivery.NewDirect(os.Stdout, nil)
	if _, err := d.Write([]byte("one line\n")); err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.Counts().Done)
	// Output:
	// one line
	// 1
}

func ExampleNewBuffer() {
	b := delivery.NewBuffer(os.Stdout, nil)
	for i := range 2 {
		if _, err := fmt.Fprintf(b, "line %d\n", i); err != nil {
			fmt.Println(err)
		}
	}
	if err := b.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 0
	// line 1
}

func ExampleBuffer_Close() {
	b := delivery.NewBuffer(failing{}, &delivery.Options{OnError: func(error) {}})
	_, _ = b.Write([]byte("a line\n"))
	var lost *telemetry.LossError
	if errors.As(b.Close(context.Background()), &lost) {
		fmt.Println(lost.Counts.Lost(), "of", lost.Counts.Accepted())
	}
	// Output: 1 of 1
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
