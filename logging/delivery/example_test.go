package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

func ExampleNewDirect() {
	d := delivery.NewDirect(os.Stdout, nil)
	if err := d.WriteLine(slog.LevelInfo, []byte("one line\n")); err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.Counts())
	// Output:
	// one line
	// 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
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
	b := delivery.NewBuffer(fullDisk{}, &delivery.Options{OnError: func(error) {}})
	_ = b.WriteLine(slog.LevelInfo, []byte("a line\n"))
	var loss *telemetry.LossError
	if err := b.Close(context.Background()); errors.As(err, &loss) {
		fmt.Println("lost", loss.Counts.Lost(), "of", loss.Counts.Accepted())
	}
	// Output: lost 1 of 1
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
