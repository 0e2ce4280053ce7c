// A press on the waveform jumps there. The sound itself is the browser's own player.
document.addEventListener("click", (event) => {
  const wave = event.target.closest?.(".waveform");
  const player = wave?.parentElement.querySelector("audio");
  if (!player) return;
  const box = wave.getBoundingClientRect();
  const share = (event.clientX - box.left) / box.width;
  const jump = () => {
    player.currentTime = share * player.duration;
    player.play();
  };
  if (player.readyState > 0) jump();
  else {
    player.addEventListener("loadedmetadata", jump, { once: true });
    player.load();
    player.preload = "metadata";
  }
});
