# alpaca-trade-api, Alpaca's client for Python of before alpaca-py.
import asyncio
import json
import sys
import urllib.request

from alpaca_trade_api.rest import REST
from alpaca_trade_api.stream import Stream

url, key, secret = sys.argv[1:]
rest = REST(key, secret, base_url=url)
stream = Stream(key, secret, base_url=url, data_stream_url=url, data_feed="sip")

told = set()


async def on_update(update):
    if update.event == "fill":
        told.add("fill")


async def on_bar(bar):
    told.add("bar")


def step():
    rest.submit_order("ORRI", qty=1, side="buy", type="market", time_in_force="day")
    body = json.dumps({"minutes": 1}).encode()
    urllib.request.urlopen(urllib.request.Request(url + "/sim/step", data=body, method="POST"))


async def main():
    stream.subscribe_trade_updates(on_update)
    stream.subscribe_bars(on_bar, "ORRI")
    running = asyncio.create_task(stream._run_forever())
    while len(told) < 2:
        await asyncio.sleep(0.3)
        await asyncio.to_thread(step)
    print(" ".join(sorted(told)), flush=True)
    running.cancel()


asyncio.run(main())
