-- A batch of the stream, as two texts: a client would spend more time on twenty thousand small answers than on all else.
--
-- KEYS: the stream. ARGV: the group, the drainer, for how many milliseconds another may keep what it took, how many
-- entries at most.
-- Answers {identifiers, separated by spaces, entries as a JSON list, learners to forget as another}: what another
-- drainer left, else what is new.

local group, drainer, abandoned, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local messages = redis.call('XAUTOCLAIM', KEYS[1], group, drainer, abandoned, '0-0', 'COUNT', count)[2]
if not messages[1] then
  local answer = redis.call('XREADGROUP', 'GROUP', group, drainer, 'COUNT', count, 'STREAMS', KEYS[1], '>')
  messages = answer and answer[1][2] or {}
end

local identifiers, entries, forgotten = {}, {}, {}
for _, message in ipairs(messages) do
  -- One that was deleted meanwhile has no fields.
  local fields = message and message[2]
  if fields then
    identifiers[#identifiers + 1] = message[1]
    local kept = fields[1] == 'forget' and forgotten or entries
    kept[#kept + 1] = fields[2]
  end
end
return {
  table.concat(identifiers, ' '), '[' .. table.concat(entries, ',') .. ']', '[' .. table.concat(forgotten, ',') .. ']'
}
