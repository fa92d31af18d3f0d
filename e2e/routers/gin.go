package routers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/sligo-go/sligo/middleware"
)

// Gin serves by gin. FullPath is empty if no route matches.
func Gin(in *middleware.Instrument, handle gin.HandlerFunc) http.Handler {
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.Use(func(c *gin.Context) { middleware.SetRoute(c.Writer, c.FullPath()) })
	engine.Use(gin.Recovery())
	engine.GET("/users/:id", handle)
	engine.GET("/files/*path", handle)
	engine.Group("/api").GET("/items/:id", handle)
	return in.Handler(engine)
}
