-- One beat, in one step: the rule of attendance/rules.py and attendance/outage.py, run where the learner's state is.
-- The names are theirs, and tests/attendance/test_same_rule.py holds both to the same answers.
--
-- `parameters` are written before this text.
-- KEYS: the learner's state, the stream of what is to be stored.
-- ARGV: now, start of the day, place as JSON's user, course, module, unit, client, unit, client, of the beat seq, quiet,
--       input, elapsed, appeared, media as [position, rate], missed as a list of [seq, quiet, input, appeared, age], and,
--       if it has been asked for, the state that the database knows.
-- Answers {status, frontier, retry after, extends, credit's start, its end, start, end of each span caught up…},
-- or {"unknown"}: call again with the database's state.

local REAPPEARANCE_GRACE, SLEEP_TOLERANCE, REPLAYS, MEDIA_TOLERANCE = 5000, 10000, 2, 0.2
-- Seconds for which a state is kept; the database's is as good once the stream is drained. Renewed once in so many
-- milliseconds: with every beat it would cost more than the rule itself.
local LIFETIME, RENEWAL = 90000, 3600000

-- State: a hash, one field per tab. cjson would round long numbers.

local function encode(tab)
  local text = string.format(
    '{"block":%s,"seq":%d,"accounted":%d,"signal":%d,"beat":%d,"refilled":%d,"replays":%d',
    cjson.encode(tab.block), tab.seq, tab.accounted, tab.signal, tab.beat, tab.refilled, tab.replays)
  if tab.open_end then text = text .. string.format(',"open_end":%d', tab.open_end) end
  if tab.media then
    text = text .. string.format(',"media":{"position":%d,"rate":%.17g}', tab.media.position, tab.media.rate)
  end
  return text .. '}'
end

local function read_beat(seq, quiet, input, elapsed, appeared, media, others)
  local beat = {
    seq = tonumber(seq), quiet = tonumber(quiet), input = tonumber(input), elapsed = tonumber(elapsed),
    appeared = appeared ~= '', age = 0, missed = {},
  }
  if media ~= '' then
    local fields = cjson.decode(media)
    beat.media = {position = fields[1], rate = fields[2]}
  end
  if others ~= '' then
    for i, fields in ipairs(cjson.decode(others)) do
      beat.missed[i] = {
        seq = fields[1], quiet = fields[2], input = fields[3], appeared = fields[4], age = fields[5], missed = {},
      }
    end
  end
  return beat
end

local function read(key)
  local flat = redis.call('HGETALL', key)
  local clock = {frontier = 0, day = 0, caught_up = 0, tabs = {}}
  for i = 1, #flat, 2 do
    local name, value = flat[i], flat[i + 1]
    if string.sub(name, 1, 4) == 'tab:' then
      clock.tabs[string.sub(name, 5)] = cjson.decode(value)
    else
      clock[name] = tonumber(value)
    end
  end
  return clock, #flat > 0
end

-- Of two states of a learner, what either knows: the same whichever comes first, and however often.
local function join(clock, other)
  clock.frontier = math.max(clock.frontier, other.frontier)
  if other.day > clock.day then clock.day, clock.caught_up = other.day, 0 end
  if other.day == clock.day then clock.caught_up = math.max(clock.caught_up, other.caught_up) end
  for name, tab in pairs(other.tabs) do
    if not clock.tabs[name] or clock.tabs[name].seq < tab.seq then clock.tabs[name] = tab end
  end
end

-- rules.py

local function media_advances(state, beat, now)
  if not (state and state.media and beat.media) or now <= state.beat then return false end
  local expected = beat.media.rate * (now - state.beat)
  return math.abs(beat.media.position - state.media.position - expected) <= MEDIA_TOLERANCE * expected
end

local function replays(state, beat, now)
  if not state or not beat.input or beat.input <= now - state.beat then return 0 end
  local went_back = state.media and beat.media and beat.media.position < state.media.position
  return went_back and state.replays + 1 or state.replays
end

local function signal_of(state, beat, now)
  local signal = media_advances(state, beat, now) and now or now - beat.quiet
  if not beat.input then return signal end
  if state and beat.media and replays(state, beat, now) > REPLAYS then
    signal = math.min(signal, math.max(state.signal, now - beat.input))
  end
  return math.min(signal, now - beat.input + parameters.unattended)
end

local function is_live(state, beat, now)
  local since = now - state.beat
  return since <= parameters.silence and not (beat.appeared and since > REAPPEARANCE_GRACE)
end

local function start_of(state, beat, now, signal)
  if not state then return now end
  if is_live(state, beat, now) and signal - state.signal <= parameters.idle then return state.accounted end
  return beat.appeared and now or signal
end

local function span_of(frontier, state, beat, now, signal)
  local from = math.max(frontier, start_of(state, beat, now, signal))
  local to = math.min(now, signal + parameters.trail)
  if state and beat.elapsed and beat.elapsed < now - state.beat - SLEEP_TOLERANCE then
    to = math.min(to, from + beat.elapsed)
  end
  return from, to
end

local function refilled_after(state, now)
  local before = now
  if state and state.refilled - now <= parameters.spacing * parameters.burst then before = state.refilled end
  return math.max(before, now) + parameters.spacing
end

local function decide(frontier, state, beat, block, now)
  if state and beat.seq <= state.seq then return {status = 'duplicate', frontier = frontier} end
  local refilled = refilled_after(state, now)
  local early = refilled - now - parameters.spacing * parameters.burst
  if early > 0 then return {status = 'limited', frontier = frontier, retry_after = early} end
  local signal = signal_of(state, beat, now)
  local from, to = span_of(frontier, state, beat, now, signal)
  local credited = to > from
  local following = {
    seq = beat.seq, accounted = math.max(from, to, state and state.accounted or 0), signal = signal, beat = now,
    refilled = refilled, media = beat.media, replays = replays(state, beat, now),
    block = credited and block or (state and state.block or ''),
    open_end = credited and to or (state and state.open_end or nil),
  }
  if not credited then return {status = 'recorded', frontier = frontier, state = following} end
  local extends = state and state.block == block and state.open_end == from
  return {status = 'credited', frontier = to, state = following, from = from, to = to, extends = extends}
end

local function is_older(name, state, other_name, other)
  if state.beat == other.beat then return name < other_name end
  return state.beat < other.beat
end

local function admit(tabs, client, now)
  local kept, count, oldest = {}, 0, nil
  for name, state in pairs(tabs) do
    if name == client or state.beat >= now - parameters.lease - parameters.silence then
      kept[name], count = state, count + 1
      if not oldest or is_older(name, state, oldest, kept[oldest]) then oldest = name end
    end
  end
  if kept[client] or count < parameters.clients then return kept end
  if kept[oldest].beat >= now - parameters.silence then return nil end
  kept[oldest] = nil
  return kept
end

-- outage.py

local function fills_outage(state, beat, now)
  if not state or beat.seq <= state.seq or now - state.beat <= parameters.outage then return false end
  local since, first, expected, age = beat.elapsed, nil, state.seq + 1, nil
  for i = #beat.missed, 1, -1 do
    if beat.missed[i].seq == state.seq then since = beat.missed[i].age end
  end
  for _, missed in ipairs(beat.missed) do
    if missed.seq > state.seq and missed.seq < beat.seq then
      if missed.seq ~= expected or (age and missed.age > age) then return false end
      first, expected, age = first or missed, expected + 1, missed.age
    end
  end
  return first and since and math.abs(since - (now - state.beat)) <= SLEEP_TOLERANCE and first.age <= since
end

local function first_of(allowance, spans)
  local merged, kept = {}, {}
  for _, span in ipairs(spans) do
    local last = merged[#merged]
    if last and last[2] == span[1] then last[2] = span[2] else merged[#merged + 1] = span end
  end
  for _, span in ipairs(merged) do
    if allowance > 0 then kept[#kept + 1] = {span[1], math.min(span[2], span[1] + allowance)} end
    allowance = allowance - (span[2] - span[1])
  end
  return kept
end

local function catch_up(frontier, state, beat, allowance, block, now)
  local spans, following = {}, state
  for i = 1, #beat.missed + 1 do
    local made = beat.missed[i] or beat
    local decision = decide(frontier, following, made, block, now - made.age)
    following, frontier = decision.state or following, decision.frontier
    if decision.from then spans[#spans + 1] = {decision.from, decision.to} end
  end
  local last = {}
  for name, value in pairs(following) do last[name] = value end
  last.seq, last.beat, last.media, last.block, last.open_end = beat.seq, now, beat.media, '', nil
  local caught_up = first_of(allowance, spans)
  local status = #caught_up > 0 and 'credited' or 'recorded'
  return {status = status, frontier = frontier, state = last, caught_up = caught_up}
end

-- The recorder

local function account(clock, state, beat, block, now)
  if not fills_outage(state, beat, now) then return decide(clock.frontier, state, beat, block, now) end
  local allowance = math.min(parameters.outage_credit, parameters.daily_credit - clock.caught_up)
  return catch_up(clock.frontier, state, beat, allowance, block, now)
end

-- Whether the page got answers to beats that this state knows nothing of: another storage heard them.
local function is_behind(state, beat)
  local first = beat.missed[1]
  return first and first.seq <= beat.seq and first.seq - 1 > (state and state.seq or 0)
end

-- As ledger.py's Entry names them, without the tab's state.
local function entry(place, decision)
  local spans = {}
  for _, span in ipairs(decision.caught_up or {}) do spans[#spans + 1] = string.format('[%d,%d]', span[1], span[2]) end
  return string.format(
    '[%s,%d,%d,%d,%s,[%s],%d]', place, decision.frontier, decision.from or 0, decision.to or 0,
    decision.extends and 'true' or 'false', table.concat(spans, ','), decision.state.seq)
end

-- `tabs`: as text, those that changed.
local function save(key, clock, tabs, before, is_renewed)
  local fields = {'frontier', string.format('%d', clock.frontier), 'day', string.format('%d', clock.day),
                  'caught_up', string.format('%d', clock.caught_up)}
  for name, tab in pairs(tabs) do
    fields[#fields + 1], fields[#fields + 2] = 'tab:' .. name, tab
  end
  redis.call('HSET', key, unpack(fields))
  for name in pairs(before) do
    if not clock.tabs[name] then redis.call('HDEL', key, 'tab:' .. name) end
  end
  if is_renewed then redis.call('EXPIRE', key, LIFETIME) end
end

local now, day, place, block, client = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local beat, known = read_beat(unpack(ARGV, 6, 12)), ARGV[13]

local clock, found = read(KEYS[1])
if not found and not known then return {'unknown'} end
local before = clock.tabs
if known then
  before = {}
  for name in pairs(clock.tabs) do before[name] = true end
  join(clock, cjson.decode(known))
end
if clock.day < day then clock.day, clock.caught_up = day, 0 end

local kept = admit(clock.tabs, client, now)
if not kept then return {'limited', clock.frontier, parameters.silence} end
local decision = account(clock, kept[client], beat, block, now)
if not decision.state then return {decision.status, decision.frontier, decision.retry_after or 0} end
if not known and is_behind(kept[client], beat) then return {'unknown'} end

-- The stream first: if the memory is full nothing has been written yet.
local changed, latest = {[client] = encode(decision.state)}, kept[client]
local is_renewed = known or not latest or math.floor(latest.beat / RENEWAL) ~= math.floor(now / RENEWAL)
redis.call('XADD', KEYS[2], '*', 'entry', entry(place, decision), 'tab', changed[client])
kept[client] = decision.state
clock.frontier, clock.tabs = decision.frontier, kept
local answer = {decision.status, decision.frontier, 0, decision.extends and 1 or 0, decision.from or 0, decision.to or 0}
for _, span in ipairs(decision.caught_up or {}) do
  if span[2] > day then clock.caught_up = clock.caught_up + span[2] - span[1] end
  answer[#answer + 1], answer[#answer + 2] = span[1], span[2]
end
if known then
  for name, tab in pairs(kept) do changed[name] = changed[name] or encode(tab) end
end
save(KEYS[1], clock, changed, before, is_renewed)
return answer
