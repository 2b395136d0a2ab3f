-- Acts are found again by the request that asked for them.
CREATE INDEX order_events_by_request ON order_events ((details ->> 'request_id')) WHERE details ->> 'request_id' IS NOT NULL;
