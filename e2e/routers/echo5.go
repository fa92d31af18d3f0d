package routers

import (
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/sligo-go/sligo/middleware"
)

// Echo5 serves by echo 5, whose contexts are pointers.
func Echo5(in *middleware.Instrument, handle echo.HandlerFunc) http.Handler {
	e := echo.New()
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			middleware.SetRoute(c.Response(), c.Path())
			return next(c)
		}
	})
	e.GET("/users/:id", handle)
	e.GET("/files/*", handle)
	e.Group("/api").GET("/items/:id", handle)
	return in.Handler(e)
}
