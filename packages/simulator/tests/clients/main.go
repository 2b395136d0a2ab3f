// Alpaca's client for Go, which follows orders by server-sent events.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/alpacahq/alpaca-trade-api-go/v3/alpaca"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata/stream"
	"github.com/shopspring/decimal"
)

func main() {
	url, key, secret := os.Args[1], os.Args[2], os.Args[3]
	client := alpaca.NewClient(alpaca.ClientOpts{APIKey: key, APISecret: secret, BaseURL: url})
	told := make(chan string, 1000)
	client.StreamTradeUpdatesInBackground(context.Background(), func(update alpaca.TradeUpdate) {
		if update.Event == "fill" {
			told <- "fill"
		}
	})
	bars := stream.NewStocksClient("sip",
		stream.WithBaseURL(url+"/v2"), stream.WithCredentials(key, secret),
		stream.WithBars(func(stream.Bar) { told <- "bar" }, "ORRI"))
	if err := bars.Connect(context.Background()); err != nil {
		panic(err)
	}
	one := decimal.NewFromInt(1)
	go func() {
		for {
			time.Sleep(300 * time.Millisecond)
			client.PlaceOrder(alpaca.PlaceOrderRequest{
				Symbol: "ORRI", Qty: &one, Side: alpaca.Buy, Type: alpaca.Market, TimeInForce: alpaca.Day,
			})
			http.Post(url+"/sim/step", "application/json", strings.NewReader(`{"minutes": 1}`))
		}
	}()
	for seen := map[string]bool{}; len(seen) < 2; {
		seen[<-told] = true
	}
	fmt.Println("bar fill")
}
