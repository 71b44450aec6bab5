# Sourced by ./run: what the image is.
label() { engine inspect --format "{{index .Config.Labels \"org.opencontainers.image.$1\"}}" "$image"; }

is_small() {
  compressed=$(engine save "$image" 2>/dev/null | gzip -6 | wc -c)
  ((compressed < 150 * 1000 * 1000))
}

check "the label says version $version" test "$(label version)" = "$version"
check "it runs as user 1654" test "$(engine inspect --format '{{.Config.User}}' "$image")" = 1654
check "it has a health check" contains "$(engine inspect --type image "$image")" '"health"'
check "it is under 150 MB compressed" is_small
note "compressed: $((compressed / 1000000)) MB, of which the app: $(engine run --rm "${limits[@]}" --network host --entrypoint du "$image" -sm /app 2>/dev/null | cut -f1) MB unpacked"
