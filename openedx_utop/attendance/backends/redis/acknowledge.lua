-- KEYS: the stream. ARGV: the group, the identifiers of what was stored, separated by spaces.

local identifiers = {}

local function flush()
  redis.call('XACK', KEYS[1], ARGV[1], unpack(identifiers))
  redis.call('XDEL', KEYS[1], unpack(identifiers))
  identifiers = {}
end

for identifier in string.gmatch(ARGV[2], '%S+') do
  identifiers[#identifiers + 1] = identifier
  -- Lua passes a few thousand arguments at most.
  if #identifiers == 1000 then flush() end
end
if identifiers[1] then flush() end
