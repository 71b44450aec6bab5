export class TaskFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// Workers that stay once they are started.
export class Pool {
  #idle = [];
  #waiting = [];
  #running = new Map();
  #workers;
  #lastId = 0;

  // Called with the bytes that were read since the last call.
  onAdvance = () => {};

  // Fulfilled when every worker has loaded; rejected where the browser cannot run them.
  ready;

  constructor(url, count) {
    this.#workers = Array.from({ length: count }, () => new Worker(url, { type: 'module' }));
    this.ready = Promise.all(this.#workers.map((worker) => this.#start(worker)));
  }

  run(kind, details) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message: { id: ++this.#lastId, kind, ...details }, resolve, reject });
      this.#next();
    });
  }

  cancel() {
    for (const { reject } of this.#waiting.splice(0)) reject(new TaskFault('Cancelled'));
    for (const worker of this.#workers) worker.postMessage({ cancel: true });
  }

  #start(worker) {
    return new Promise((resolve, reject) => {
      worker.addEventListener('error', reject);
      worker.addEventListener('message', ({ data }) => {
        if (data.advanced) {
          this.onAdvance(data.advanced);
          return;
        }
        if (data.ready) resolve();
        else this.#settle(data);
        this.#idle.push(worker);
        this.#next();
      });
    });
  }

  #settle({ id, result, fault }) {
    const { resolve, reject } = this.#running.get(id);
    this.#running.delete(id);
    if (fault) reject(new TaskFault(fault));
    else resolve(result);
  }

  #next() {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const task = this.#waiting.shift();
      this.#running.set(task.message.id, task);
      this.#idle.pop().postMessage(task.message);
    }
  }
}
