package slo_test

import (
	"fmt"

	"github.com/sligo-go/sligo/slo"
)

func ExampleMustParseShare() {
	share := slo.MustParseShare("12.5 %")
	fmt.Println(share, share.Decimal(), share.PartsPerBillion())
	// Output: 12.5% 0.125 125000000
}

func ExampleParseShare() {
	share, err := slo.ParseShare("2%")
	fmt.Println(share, share.Decimal(), err)

	_, err = slo.ParseShare("20")
	fmt.Println(err)
	// Output:
	// 2% 0.02 <nil>
	// slo: invalid share "20": more than 1: want "20%" for a percentage
}
