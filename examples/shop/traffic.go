package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// traffic is the load from the customers: one call a tick, by the next customer
// without a call in progress.
type traffic struct {
	client               *client
	shop, users, orders  string // URLs
	perSecond, customers int
}

// run makes calls until ctx ends. It returns after the last response.
func (t *traffic) run(ctx context.Context) {
	calls := make(chan int)
	var wg sync.WaitGroup
	for range t.customers {
		wg.Go(func() {
			for n := range calls {
				// The result is in the tally.
				_, _ = t.client.get(context.Background(), t.call(n))
			}
		})
	}
	t.feed(ctx, calls)
	close(calls)
	wg.Wait()
}

// feed sends the numbers of the calls, one a tick, until ctx ends.
func (t *traffic) feed(ctx context.Context, calls chan<- int) {
	ticker := time.NewTicker(time.Second / time.Duration(t.perSecond))
	defer ticker.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		select {
		case calls <- n:
		case <-ctx.Done():
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// call returns the nth call. The calls visit in turn the pages of both journeys
// and the other services directly.
func (t *traffic) call(n int) call {
	switch n % 8 {
	case 0:
		return call{"shop", "home", t.shop + "/"}
	case 1:
		return call{"shop", "search", t.shop + "/search?q=umbrella"}
	case 2:
		return call{"shop", "category", t.shop + "/categories/rain"}
	case 3:
		return call{"shop", "detail", fmt.Sprintf("%s/products/%d", t.shop, n)}
	case 4:
		return call{"users", "availability", t.users + "/users/Lora"}
	case 5:
		return call{"users", "availability", t.users + "/users/nobody"}
	case 6:
		return call{"orders", "availability", t.orders + "/orders/users/Lora"}
	}
	return call{"", "", t.shop + "/profile/Lora"}
}
