package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthcheckCmd asks the server on CHATLANE_LISTEN whether it lives. An image from scratch has no other program to do it.
type healthcheckCmd struct{}

// Run fails if the server does not answer well within three seconds.
func (*healthcheckCmd) Run(ctx context.Context) error {
	c, err := readConfig()
	if err != nil {
		return err
	}
	address := c.Listen
	if address != "" && address[0] == ':' {
		address = "127.0.0.1" + address
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+dialable(address)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := (&http.Client{Timeout: 3 * time.Second}).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the server answers %d", res.StatusCode)
	}
	return nil
}
