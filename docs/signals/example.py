"""Follows a desk's signals: pip install websockets; python example.py wss://desk.example/ws/signals KEY"""
import asyncio
import json
import sys

import websockets

FINAL = {4002, 4003, 4004, 4005}


async def follow(url: str, key: str, cursor: int = 0) -> None:
    wait = 1.0
    while True:
        try:
            async with websockets.connect(url) as socket:
                await socket.send(json.dumps({"type": "auth", "key": key}))
                async for text in socket:
                    frame = json.loads(text)
                    kind = frame["type"]
                    if kind == "welcome":
                        wait = 1.0
                        await socket.send(json.dumps({"type": "subscribe", "filters": {}, "after_seq": cursor}))
                    elif kind in ("signal", "heartbeat"):
                        if frame["after"] > cursor:
                            break  # a hole: come back after the cursor
                        if kind == "signal":
                            signal = frame["signal"]
                            cursor = signal["seq"]
                            print(json.dumps(signal), flush=True)
                            await socket.send(json.dumps({"type": "ack", "seq": cursor}))
                        else:
                            cursor = max(cursor, frame["seq"])
                    elif kind == "backfill":
                        cursor = max(cursor, frame["seq"])
                    elif kind == "goodbye":
                        wait = frame["reconnect_after_ms"] / 1000
                    elif kind == "error":
                        print(frame["message"], file=sys.stderr)
        except websockets.ConnectionClosed as closed:
            if closed.rcvd and closed.rcvd.code in FINAL:
                raise SystemExit(f"the desk ended this client: {closed.rcvd.reason}")
        except OSError as error:
            print(f"the desk cannot be reached: {error}", file=sys.stderr)
        await asyncio.sleep(wait)
        wait = min(wait * 2, 30)


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1], sys.argv[2]))
