"""What Redis does in one step: scripts in Lua, which the server runs each as a whole.

    {p}:job:<n>       fence, queue, score, body, holder, cursor, cancel: one offer of job n
    {p}:queues        set of the queues that there were offers of
    {p}:waiting:<q>   sorted set of the offers that wait in a queue: the best first
    {p}:leases        sorted set of the offers that are held, by the moment their lease ends
    {p}:answers       stream of what came of jobs, until the shop has taken it in
    {p}:count         numbers for the order of offers and for holders

An offer has one holder at a time, `<owner>/<number>`, another one for each claim: whoever was late
is known by it. The moments of leases are the server's own, whatever the clocks of the machines say.
"""

from __future__ import annotations

PREFIX = "{@}"
"""In the place of which the name of a shop stands; in braces, so that a cluster keeps it together.
"""

_WORDS = """
local p = '{@}'
local function job(n) return p .. ':job:' .. n end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function remove(n)
  local queue = redis.call('HGET', job(n), 'queue')
  if queue then redis.call('ZREM', p .. ':waiting:' .. queue, n) end
  redis.call('ZREM', p .. ':leases', n)
  redis.call('DEL', job(n))
end
local function wait(n)
  local of = redis.call('HMGET', job(n), 'queue', 'score', 'cancel')
  if of[3] or not of[1] then return remove(n) end
  redis.call('ZREM', p .. ':leases', n)
  redis.call('HDEL', job(n), 'holder')
  redis.call('ZADD', p .. ':waiting:' .. of[1], of[2], n)
end
local function holds(n, holder) return redis.call('HGET', job(n), 'holder') == holder end
local function tell(channel) redis.call('PUBLISH', p .. ':' .. channel, '') end
local function answer(kind, n, body)
  redis.call('XADD', p .. ':answers', '*', 'kind', kind, 'job', n,
    'fence', redis.call('HGET', job(n), 'fence'), 'body', body)
  tell('answered')
end
"""

OFFER = (
    _WORDS
    + """
for i = 1, #ARGV, 6 do
  local n, fence, queue = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if redis.call('HGET', job(n), 'fence') ~= fence then
    remove(n)
    local score = redis.call('INCR', p .. ':count') - ARGV[i + 3] * 2 ^ 40
    redis.call('HSET', job(n), 'fence', fence, 'queue', queue, 'score', score,
      'body', ARGV[i + 4])
    if ARGV[i + 5] ~= '' then redis.call('HSET', job(n), 'cursor', ARGV[i + 5]) end
    redis.call('ZADD', p .. ':waiting:' .. queue, score, n)
    redis.call('SADD', p .. ':queues', queue)
  end
end
tell('offered')
"""
)
"""number, fence, queue, priority, body, cursor of each: one that is there already stays as it is.
"""

CLAIM = (
    _WORDS
    + """
local owner, lease, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at = now()
for _, n in ipairs(redis.call('ZRANGEBYSCORE', p .. ':leases', '-inf', at, 'LIMIT', 0, 100)) do
  wait(n)
end
local is_named, queues = {}, {}
for i = 5, #ARGV do is_named[ARGV[i]] = true end
for _, queue in ipairs(redis.call('SMEMBERS', p .. ':queues')) do
  if (is_named[queue] or false) == (ARGV[4] == 'only') then
    queues[#queues + 1] = p .. ':waiting:' .. queue
  end
end
local found = {}
while #found < wanted do
  local best, score, key
  for _, waiting in ipairs(queues) do
    local first = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
    if first[1] and (not score or tonumber(first[2]) < score) then
      best, score, key = first[1], tonumber(first[2]), waiting
    end
  end
  if not best then break end
  redis.call('ZREM', key, best)
  local holder = owner .. '/' .. redis.call('INCR', p .. ':count')
  redis.call('HSET', job(best), 'holder', holder)
  redis.call('ZADD', p .. ':leases', at + lease, best)
  local of = redis.call('HMGET', job(best), 'fence', 'body', 'cursor')
  found[#found + 1] = {best, of[1], holder, of[2], of[3]}
end
return found
"""
)
"""owner, lease in milliseconds, how many, `only` or `besides`, queues: takes the best.

Those whose lease is over wait again first."""

TAKE = (
    _WORDS
    + """
local taken = {}
for i = 1, #ARGV, 2 do
  taken[#taken + 1] = holds(ARGV[i], ARGV[i + 1]) and 1 or 0
  if taken[#taken] == 1 then remove(ARGV[i]) end
end
return taken
"""
)
"""number, holder of each: the offers are gone, the shop's file has the jobs."""

RELEASE = (
    _WORDS
    + """
for i = 1, #ARGV, 2 do
  if holds(ARGV[i], ARGV[i + 1]) then wait(ARGV[i]) end
end
tell('offered')
"""
)
"""number, holder of each: the offers wait again."""

RENEW = (
    _WORDS
    + """
local kept, at = {}, now()
for i = 2, #ARGV, 2 do
  local n = ARGV[i]
  if not holds(n, ARGV[i + 1]) then kept[#kept + 1] = 0
  else
    redis.call('ZADD', p .. ':leases', at + ARGV[1], n)
    kept[#kept + 1] = redis.call('HGET', job(n), 'cancel') and 2 or 1
  end
end
return kept
"""
)
"""lease, then number, holder of each: 0 for an offer that is lost, 2 for one asked to end."""

HELD_BY = (
    _WORDS
    + """
local found = {}
for _, n in ipairs(redis.call('ZRANGE', p .. ':leases', 0, -1)) do
  local of = redis.call('HMGET', job(n), 'holder', 'fence')
  if of[1] and string.sub(of[1], 1, #ARGV[1] + 1) == ARGV[1] .. '/' then
    found[#found + 1] = {n, of[2], of[1], false, false}
  end
end
return found
"""
)
"""owner: what it holds."""

LOOK = (
    _WORDS
    + """
if not holds(ARGV[1], ARGV[2]) then return 0 end
return redis.call('HGET', job(ARGV[1]), 'cancel') and 2 or 1
"""
)
"""number, holder: 0 for an offer that is lost, 2 for one asked to end."""

SAY = (
    _WORDS
    + """
if not holds(ARGV[1], ARGV[2]) then return 0 end
if ARGV[3] == 'cursor' then redis.call('HSET', job(ARGV[1]), 'cursor', ARGV[5]) end
answer(ARGV[3], ARGV[1], ARGV[4])
if ARGV[3] == 'ended' then
  redis.call('ZREM', p .. ':leases', ARGV[1])
  redis.call('HSET', job(ARGV[1]), 'holder', 'ended')
end
return 1
"""
)
"""number, holder, kind, body, cursor: 0 where the offer is lost. After `ended` it has no holder,
but stays until the shop has taken the answer in: it cannot be offered a second time."""

ANSWERS = (
    _WORDS
    + """
return redis.call('XRANGE', p .. ':answers', '-', '+', 'COUNT', ARGV[1])
"""
)

SETTLE = (
    _WORDS
    + """
for i = 1, #ARGV, 4 do
  redis.call('XDEL', p .. ':answers', ARGV[i])
  if ARGV[i + 3] == 'ended' and redis.call('HGET', job(ARGV[i + 1]), 'fence') == ARGV[i + 2] then
    remove(ARGV[i + 1])
  end
end
"""
)
"""id, number, fence, kind of each answer that the shop has taken in."""

WITHDRAW = (
    _WORDS
    + """
local gone = {}
for i = 1, #ARGV, 3 do
  local of = redis.call('HMGET', job(ARGV[i]), 'fence', 'holder')
  local is_held = of[1] == ARGV[i + 1] and of[2]
  if is_held and ARGV[i + 2] == 'end' and of[2] ~= 'ended' then
    redis.call('HSET', job(ARGV[i]), 'cancel', 1)
  elseif of[1] == ARGV[i + 1] and not of[2] then remove(ARGV[i]) end
  gone[#gone + 1] = is_held and 0 or 1
end
return gone
"""
)
"""number, fence, whether a holder is to end: 1 for an offer that nobody holds, which is gone."""

MISSING = (
    _WORDS
    + """
local found = {}
for i = 1, #ARGV, 2 do
  local is_there = redis.call('HGET', job(ARGV[i]), 'fence') == ARGV[i + 1]
  found[#found + 1] = is_there and 0 or 1
end
return found
"""
)
"""number, fence of each: 1 where there is no such offer."""
