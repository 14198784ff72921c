#!/bin/sh
# Counts the words of an answer: JSON lines in, one verdict a line out, in plain sh.
#
# The host writes its keys in a fixed order and without spaces, and inside a JSON string every quote has a backslash
# before it, so a text like "response": can only be the key itself: cutting there cannot be fooled by a response.
LC_ALL=C
set -f
between() {
  printf '%s\n' "$line" | awk -v a="$1" -v b="$2" '{
    start = index($0, a); if (!start) exit
    rest = substr($0, start + length(a)); end = b == "" ? length(rest) + 1 : index(rest, b)
    print substr(rest, 1, end - 1)
  }'
}
printf '%s\n' '{"v":1,"ready":true,"name":"word-count"}'
while IFS= read -r line; do
  id=$(between '"id":"' '"')
  response=$(between ',"response":"' '","prompt":')
  # The row's columns; a nested object with the same key would be the row author's own.
  meta=$(between ',"meta":' '')
  limit() {
    case $meta in
      *"\"$1\":"*)
        value=${meta#*"\"$1\":"}
        value=${value%%[!0-9]*}
        ;;
      *) value='' ;;
    esac
  }
  limit min_words
  least=$value
  limit max_words
  most=$value
  if [ -z "$least$most" ]; then
    printf '{"id":"%s","score":null,"reason":"the row has neither min_words nor max_words"}\n' "$id"
    continue
  fi
  case $response in
    *'</think>'*) response=$(printf '%s\n' "$response" | sed 's/.*<\/think>//') ;;
    *'<think>'*) response='' ;;
  esac
  # Escaped white space separates words as plain white space does.
  words=$(printf '%s\n' "$response" | sed 's/\\[ntrfb]/ /g' | wc -w)
  words=$((words))
  score=1
  if [ -n "$least" ] && [ "$words" -lt "$least" ]; then score=0; fi
  if [ -n "$most" ] && [ "$words" -gt "$most" ]; then score=0; fi
  # Nothing at all is no answer, even where the row sets no least number.
  if [ "$words" -eq 0 ]; then score=0; fi
  printf '{"id":"%s","score":%s,"extracted":"%s words","metrics":{"words":%s}}\n' "$id" "$score" "$words" "$words"
done
