package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// runCustomers makes one call a tick, by the next customer without a call in
// progress. It returns after the last answer.
func (s *shop) runCustomers(ctx context.Context) {
	calls := make(chan int)
	var wg sync.WaitGroup
	for range s.config.customers {
		wg.Go(func() {
			for n := range calls {
				// The result is in the tally.
				_, _ = s.customers.get(context.Background(), s.call(n))
			}
		})
	}
	s.number(ctx, calls)
	close(calls)
	wg.Wait()
}

// number sends the numbers of the calls, one a tick, until ctx ends.
func (s *shop) number(ctx context.Context, calls chan<- int) {
	ticks := time.NewTicker(time.Second / time.Duration(s.config.rate))
	defer ticks.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		select {
		case calls <- n:
		case <-ctx.Done():
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
		}
	}
}

// call returns the nth call. The calls visit in turn the pages of both journeys
// and the other services directly.
func (s *shop) call(n int) call {
	pages, orders, users := s.services["shop"].url(), s.services["orders"].url(), s.services["users"].url()
	switch n % 8 {
	case 0:
		return call{"shop", "home", pages + "/"}
	case 1:
		return call{"shop", "search", pages + "/search?q=umbrella"}
	case 2:
		return call{"shop", "category", pages + "/categories/rain"}
	case 3:
		return call{"shop", "detail", fmt.Sprintf("%s/products/%d", pages, n)}
	case 4:
		return call{"users", "availability", users + "/users/Lora"}
	case 5:
		return call{"users", "availability", users + "/users/nobody"}
	case 6:
		return call{"orders", "availability", orders + "/orders/users/Lora"}
	}
	return call{"shop", "", pages + "/profile/Lora"}
}
