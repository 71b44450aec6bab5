# Sourced by ./run: users and owners that do not fit.
start other "${hardened[@]}" "${open[@]}" --user 2000:2000 --volume other-temp:/data/temp --volume other-app:/data/app
check "another user may take the app's place" eventually answers "$address/healthz/ready"
check "and is the one that runs" test "$(awk '/^Uid:/ { print $2 }' "/proc/$(process_of other)/status")" = 2000
engine rm --force --volumes other >/dev/null
engine volume rm --force other-temp other-app >/dev/null

mkdir -p "$work/foreign" && chown root:root "$work/foreign" && chmod 0755 "$work/foreign"
start foreign "${hardened[@]}" "${open[@]}" --volume "$work/foreign:/data/temp" --volume foreign-app:/data/app
check "a temp folder of another owner is not ready" eventually sh -c "curl -s -o /dev/null -w '%{http_code}' $address/healthz/ready | grep -q 503"
check "and the log has the chown that helps" contains "$(engine logs foreign 2>&1)" "chown -R 1654"
engine rm --force --volumes foreign >/dev/null

start closed "${hardened[@]}" "${open[@]}" --volume "$work/foreign:/data/app" --volume closed-temp:/data/temp
says_chown() { engine logs closed 2>&1 | grep -q 'chown -R 1654'; }
check "a data folder of another owner: it says the chown that helps" eventually says_chown
engine rm --force --volumes closed >/dev/null

chmod 0700 "$work/outputs"
start unreadable "${hardened[@]}" "${open[@]}" --volume unreadable-temp:/data/temp --volume unreadable-app:/data/app
check "outputs that it may not read are not ready" eventually sh -c "curl -s -o /dev/null -w '%{http_code}' $address/healthz/ready | grep -q 503"
check "and the log names the user that needs the right" contains "$(engine logs unreadable 2>&1)" 1654
chmod 0755 "$work/outputs"
engine rm --force --volumes unreadable >/dev/null
