# alpaca-py, Alpaca's client for Python.
import asyncio
import json
import sys
import urllib.request

from alpaca.data.enums import DataFeed
from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.live import StockDataStream
from alpaca.data.requests import StockLatestBarRequest
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import MarketOrderRequest
from alpaca.trading.stream import TradingStream

url, key, secret = sys.argv[1:]
ws = url.replace("http", "ws")
trading = TradingClient(key, secret, url_override=url)
data = StockHistoricalDataClient(key, secret, url_override=url)
updates = TradingStream(key, secret, url_override=ws + "/stream")
bars = StockDataStream(key, secret, feed=DataFeed.SIP, url_override=ws + "/v2/sip")

told = set()


async def on_update(update):
    if update.event == "fill":
        told.add("fill")


async def on_bar(bar):
    told.add("bar")


def step():
    trading.submit_order(MarketOrderRequest(symbol="ORRI", qty=1, side="buy", time_in_force="day"))
    body = json.dumps({"minutes": 1}).encode()
    urllib.request.urlopen(urllib.request.Request(url + "/sim/step", data=body, method="POST"))


async def main():
    updates.subscribe_trade_updates(on_update)
    bars.subscribe_bars(on_bar, "ORRI")
    streams = [asyncio.create_task(one._run_forever()) for one in (updates, bars)]
    if data.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="ORRI")):
        told.add("latest")
    while len(told) < 3:
        await asyncio.sleep(0.3)
        await asyncio.to_thread(step)
    print(" ".join(sorted(told)), flush=True)
    for one in streams:
        one.cancel()


asyncio.run(main())
