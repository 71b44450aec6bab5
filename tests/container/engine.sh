# Sourced by the scripts beside it: an engine that needs no daemon, with storage and settings of its own in $work, so that
# nothing of the machine's own containers is touched.
#   CONTAINER_WORK   where images and containers are kept between runs (default: <temp>/heygem-container)
work=${CONTAINER_WORK:-${TMPDIR:-/tmp}/heygem-container}
mkdir -p "$work"

cat >"$work/containers.conf" <<'CONF'
[containers]
netns = "host"
cgroups = "disabled"
[engine]
runtime = "crun"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF

cat >"$work/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
CONF

# Each call in a mount namespace of its own: a cgroup tree that is mounted half (old and new side by side) stops crun.
engine() {
  CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf unshare --mount sh -c '
    umount /sys/fs/cgroup/unified 2>/dev/null
    exec podman "$@"' podman "$@"
}

need() {
  local missing=() package
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=500 update -qq >/dev/null
  apt-get -o DPkg::Lock::Timeout=500 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
