// TensorFlow.js, a peer in the benchmark of training speed. After `npm ci` in this folder:
//   echo '{"case":"seed-gan","seconds":4,"backend":"wasm"}' | node tfjs.cjs
// A case a line on stdin, an answer a line on stdout; backends are wasm and cpu, one thread each. The only
// case is seed-gan: the wasm backend has no kernel Conv2DBackpropFilter, so it trains no convolutional nets.
const path = require("node:path");
const readline = require("node:readline");
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");

const BATCH = 100;
const RATE = 2e-4;
const BETA1 = 0.5;
const GENERATOR = [100, 100, 100, 784];
const DISCRIMINATOR = [784, 100, 100, 1];

/** Iterations before the clock starts. */
const WARM_UP = { wasm: 3, cpu: 1 };

/**
 * The weights and biases of a multilayer perceptron.
 * @param {number[]} widths
 */
function network(widths) {
  return widths
    .slice(1)
    .flatMap((outputs, i) => [
      tf.variable(tf.randomNormal([widths[i], outputs], 0, 0.05)),
      tf.variable(tf.zeros([outputs])),
    ]);
}

/** (batch, in) -> (batch, out): ReLU between the layers, none at the end. */
function forward(net, x) {
  for (let i = 0; i < net.length; i += 2) {
    x = tf.add(tf.matMul(x, net[i]), net[i + 1]);
    if (i + 2 < net.length) x = tf.relu(x);
  }
  return x;
}

/** The mean of softplus over logits: the loss of D on fakes and, of the negated, on reals and of G. */
const loss = (logits) => tf.mean(tf.softplus(logits));

/**
 * The game on a batch of noise, ready to run: one step of D, one of G.
 * The tape takes no part of a graph made before, so G runs again in its own step, on the same latents.
 */
function game() {
  const g = network(GENERATOR);
  const d = network(DISCRIMINATOR);
  const gAdam = tf.train.adam(RATE, BETA1);
  const dAdam = tf.train.adam(RATE, BETA1);
  const real = tf.randomUniform([BATCH, GENERATOR.at(-1)]);
  const generate = (latent) => tf.sigmoid(forward(g, latent));
  const dLoss = (fake) => tf.add(loss(tf.neg(forward(d, real))), loss(forward(d, fake)));
  const gLoss = (latent) => loss(tf.neg(forward(d, generate(latent))));
  const iteration = () =>
    tf.tidy(() => {
      const latent = tf.randomNormal([BATCH, GENERATOR[0]]);
      const fake = generate(latent);
      dAdam.minimize(() => dLoss(fake), false, d);
      gAdam.minimize(() => gLoss(latent), false, g);
    });
  return { iteration, settle: () => g[0].dataSync() };
}

/** Plays for some seconds; what it left behind is freed at the end. */
function measure(seconds, warmUp) {
  tf.engine().startScope();
  const { iteration, settle } = game();
  for (let i = 0; i < warmUp; i++) iteration();
  settle();
  const start = performance.now();
  let iterations = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    iteration();
    iterations += 1;
    elapsed = (performance.now() - start) / 1e3;
  }
  settle();
  elapsed = (performance.now() - start) / 1e3;
  tf.disposeVariables();
  tf.engine().endScope();
  return { iterations, seconds: elapsed, iters_per_s: iterations / elapsed };
}

async function answer({ case: name = "seed-gan", seconds = 4, backend = "wasm" }) {
  if (name !== "seed-gan") throw new Error(`TensorFlow.js has no case ${name}, only seed-gan`);
  if (!(backend in WARM_UP)) throw new Error(`no backend is called ${backend}: wasm or cpu`);
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
  await tf.ready();
  return {
    case: name,
    peer: `tfjs-${backend}`,
    batch: BATCH,
    threads: 1,
    ...measure(seconds, WARM_UP[backend]),
  };
}

async function main() {
  const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm"));
  wasm.setWasmPaths(path.join(folder, path.sep));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim()) console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
