# Sourced by ./run: a first start as the README has it, and how long and how much it takes.
start plain "${limits[@]}" --network none
check "without accounts set up it listens on every address of the container" eventually nsenter --net --target "$(process_of plain)" curl -fsS http://127.0.0.1:8080/healthz/live
status=$(nsenter --net --target "$(process_of plain)" curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/api/v1/videos)
check "and is not open: the API answers 401" test "$status" = 401
check "the log has the first sign-in" contains "$(engine logs plain 2>&1)" admin
check "the image's health check finds it healthy" engine healthcheck run plain
engine rm --force --volumes plain >/dev/null

began=$(date +%s%N)
start timed "${hardened[@]}" "${open[@]}" --volume timed-temp:/data/temp --volume timed-app:/data/app
eventually answers "$address/"
elapsed=$((($(date +%s%N) - began) / 1000000))
created=$(date -d "$(engine inspect --format '{{.State.StartedAt}}' timed | sed -E 's/ [A-Z]+$//')" +%s%N)
own=$((($(date +%s%N) - created) / 1000000))
check "its first page is there in under 2 seconds" test "$own" -lt 2000
note "from the process's start to the first page: $own ms (with the engine's own work: $elapsed ms)"

uid=$(awk '/^Uid:/ { print $2 }' "/proc/$(process_of timed)/status")
check "the process runs as 1654 with no capability" test "$uid $(awk '/^CapEff:/ { print $2 }' "/proc/$(process_of timed)/status")" = "1654 0000000000000000"
check "the page shows the version" contains "$(curl -s "$address/")" "$version"
check "so does /healthz/ready" contains "$(curl -s "$address/healthz/ready")" "$version"
check "Chinese pages are Chinese" contains "$(curl -s -H 'Accept-Language: zh-CN' "$address/")" 一键打包下载
check "time zones are known" engine exec --env TZ=Asia/Shanghai timed sh -c 'test "$(date +%z)" = +0800'

# Idle: what a minute's quiet leaves, measured after the collector has had its say.
sleep 20
resident=$(awk '/^VmRSS:/ { print int($2 / 1000) }' "/proc/$(process_of timed)/status")
check "it idles under 150 MB" test "$resident" -lt 150
note "resident when idle: $resident MB"
engine rm --force --volumes timed >/dev/null
