-- Asks for the addresses of a file (WRK_ADDRESSES, one a line) in turn, with an If-None-Match header
-- where WRK_ETAG is set, and prints the percentiles as JSON.
local addresses = {}
for line in io.lines(os.getenv("WRK_ADDRESSES")) do addresses[#addresses + 1] = line end
local tag = os.getenv("WRK_ETAG")
local turn = 0

function request()
  turn = turn % #addresses + 1
  local headers = {}
  if tag then headers["If-None-Match"] = tag end
  return wrk.format("GET", addresses[turn], headers)
end

function done(summary, latency)
  local ms = function(p) return latency:percentile(p) / 1000 end
  io.write(string.format(
    '{"requests":%d,"per_second":%.0f,"p50_ms":%.2f,"p95_ms":%.2f,"p99_ms":%.2f,"max_ms":%.2f,"not_2xx_3xx":%d,"broken":%d}\n',
    summary.requests, summary.requests / (summary.duration / 1e6), ms(50), ms(95), ms(99),
    latency.max / 1000, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
