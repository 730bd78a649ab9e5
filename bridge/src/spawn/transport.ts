import type { Channel } from "../call/channel.js";
import { explainArguments, explainItems, iterable } from "../call/faults.js";
import { type CallOptions, isPatient, Patience, type SendOptions } from "../call/patience.js";
import { CallQueue, type WaitingCall } from "../call/queue.js";
import { fail, Outcome, type Settle } from "../call/settle.js";
import { Incoming, Outgoing, StreamCall } from "../call/stream/index.js";
import { type CallContext, Surroundings } from "../call/surroundings.js";
import type { Providers } from "../client/node-service.js";
import type { Options } from "../client/options.js";
import type { MethodSpec, ServiceSpec } from "../client/service.js";
import type { Transport, TransportState } from "../client/transport.js";
import {
  ClosedError,
  DamagedError,
  OverloadedError,
  SchemaMismatchError,
  Ts2goError,
  WorkerDiedError,
  type WorkerExit,
  WorkerStartError,
} from "../errors.js";
import { Backoff } from "../worker/backoff.js";
import type { WorkerProcess } from "../worker/process.js";
import { buildOf, ProgramWatch, programOf } from "./program.js";
import { startWorker } from "./start.js";

/** A worker that does not end after CLOSE is ended after so long. */
const CLOSE_GRACE_MS = 5000;

interface Running {
  readonly channel: Channel;
  readonly worker: WorkerProcess;
  /** Why the worker is being ended from this side, if it is. */
  cause: Error | undefined;
  /** It has ended, though its exit was not heard yet. */
  gone: boolean;
  /** Which build of the program it runs, where that is watched. */
  readonly build: string | undefined;
}

/** Says once for a build why calls go on to the worker that runs. */
function warnOfBuild(error: Error, running: Running | undefined): void {
  const advice =
    error instanceof SchemaMismatchError
      ? "This process has the client of the earlier interface: restart it."
      : "Mend the Go program and build it again: the next build is tried by itself.";
  process.emitWarning(
    `a new build of the Go program cannot take over, and calls go on to ${running === undefined ? "the next worker" : `the worker of process ${running.worker.pid}`}: ${error.message}\n${advice}`,
    { type: "Ts2goWarning", code: (error as Partial<Ts2goError>).code ?? "ERR_WORKER_START" },
  );
}

// The executor of every promise: it hands its function over here, so that no closure is made for each call.
let lastSettle: Settle;
const capture = (resolve: Settle) => {
  lastSettle = resolve;
};

/**
 * Mode `spawn`: a child process with the Go runtime, restarted when it dies.
 *
 * Calls that were sent to a worker die with it; calls that were still waiting here go to the next one. A region is
 * never used again: every worker gets a fresh one.
 */
export class SpawnTransport implements Transport {
  private readonly queue = new CallQueue();
  private readonly backoff = new Backoff();
  private readonly surroundings: Surroundings;
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private closed = false;
  private starts = 0;
  /** Workers of earlier builds, which complete what they were sent and get no more. */
  private readonly retiring = new Set<Running>();
  private watch: ProgramWatch | undefined;
  /** A worker of a newer build is being started beside the running one. */
  private swapping: Promise<void> | undefined;
  /** The last build that could not take over: it is not tried again. */
  private refusedBuild: string | undefined;
  /** Ends a one-way call: only its error is of interest. */
  private readonly settleOneway: Settle;

  constructor(
    private readonly service: ServiceSpec,
    private readonly options: Options,
    /** Who answers calls from Go: as long as the transport lives, whatever becomes of workers. */
    readonly providers: Providers,
  ) {
    this.surroundings = new Surroundings(service.binary.from, providers);
    this.settleOneway = (result) => {
      if (result instanceof Promise) result.catch((error: Error) => this.options.onOnewayError(error));
    };
  }

  unary(method: MethodSpec, args: unknown, options?: CallOptions): Promise<unknown> {
    const promise = new Promise(capture);
    const settle = lastSettle;
    if (!this.isPlain(options)) {
      this.takeWith(method, args, settle, options);
      return promise;
    }
    try {
      this.take(method, args, settle);
    } catch (error) {
      fail(settle, error as Error);
    }
    return promise;
  }

  /** Takes a call that its caller may give up, or that takes something along. */
  private takeWith(method: MethodSpec, args: unknown, settle: Settle, options: CallOptions | undefined): void {
    let patience: Patience | undefined;
    try {
      const context = this.contextOf(method, options);
      if (options !== undefined && isPatient(options)) {
        patience = new Patience(this.nameOf(method), options, settle, (self) => this.drop(self.settle));
      }
      this.take(method, args, patience?.settle ?? settle, patience, undefined, context);
    } catch (error) {
      fail(patience?.settle ?? settle, error as Error);
    }
  }

  /** Whether a call has nothing besides its arguments: it has the shorter way. */
  private isPlain(options: SendOptions | undefined): boolean {
    return options === undefined && this.running !== undefined && !this.surroundings.matter;
  }

  /** What a call that is made now takes along. Throws `EncodeError` where its metadata cannot be sent. */
  private contextOf(method: MethodSpec, options: SendOptions | undefined): CallContext | undefined {
    if (this.isPlain(options)) return undefined;
    if (this.running === undefined) this.surroundings.look();
    return this.surroundings.of(this.nameOf(method), options?.metadata);
  }

  sync(method: MethodSpec, args: unknown, options?: SendOptions): unknown {
    const { running } = this;
    const name = this.nameOf(method);
    const refuse = (why: string): never => {
      throw new Ts2goError("ERR_WOULD_BLOCK", `sync call of ${name}: ${why}`);
    };
    if (this.closing !== undefined) throw new ClosedError();
    if (running === undefined || running.cause !== undefined || running.gone) {
      return refuse(
        "the Go program is not running yet, and starting it takes the event loop: `await connect(...)`, or await one call, before",
      );
    }
    if (running.channel.isEncoding) {
      return refuse("it comes from a getter of another call's argument, which has to be sent first: call it before");
    }
    const outcome = new Outcome();
    this.take(method, args, outcome.settle, undefined, undefined, this.contextOf(method, options));
    let stuck = false;
    const isStuck = () => {
      stuck =
        running.cause === undefined &&
        running.channel.admission.waitsForThread &&
        this.queue.of(outcome.settle) !== undefined;
      return stuck;
    };
    // Where it waits to be sent, it may not have been tried yet.
    const waits = this.queue.length > 0;
    if (waits) this.pump(running);
    running.channel.block(() => outcome.done || (waits && isStuck()), running.worker.endFd);
    if (stuck) {
      this.drop(outcome.settle);
      return refuse(
        "there is no room for it until this thread reads or leaves its streams, releases its bytes or answers Go, and it would be blocked meanwhile: do that before, await this call instead, or connect with a larger regionSize or capacity",
      );
    }
    if (!outcome.done) {
      // How it ended is known only when the event loop runs again; what is called until then is for the next worker.
      running.gone = true;
      running.worker.ref();
      throw new WorkerDiedError({ exitCode: null, signal: null, stderr: "" }, running.cause);
    }
    return outcome.take();
  }

  stream(method: MethodSpec, args: unknown, items: unknown, options?: CallOptions): unknown {
    if (method.streams === true) {
      return new Incoming((incoming) => this.takeStream(method, args, items, incoming.settle, options, incoming));
    }
    const promise = new Promise(capture);
    const settle = lastSettle;
    try {
      this.takeStream(method, args, items, settle, options);
    } catch (error) {
      fail(settle, error as Error);
    }
    return promise;
  }

  private takeStream(
    method: MethodSpec,
    args: unknown,
    items: unknown,
    settleCall: Settle,
    options: CallOptions | undefined,
    incoming?: Incoming<unknown>,
  ): StreamCall {
    const name = this.nameOf(method);
    let patience: Patience | undefined;
    const fault = (error: Error) => fail(settle, explainItems(this.service.schema, method, error));
    const outgoing = method.items === undefined ? undefined : new Outgoing(iterable(name, method, items), fault);
    const drop = () => this.drop(settle);
    const stream = new StreamCall(method, name, this.options.capacity, incoming, outgoing, drop);
    const context = this.contextOf(method, options);
    if (options !== undefined && isPatient(options)) patience = new Patience(name, options, settleCall, drop);
    const settle: Settle = patience?.settle ?? settleCall;
    try {
      this.take(method, args, settle, patience, stream, context);
    } catch (error) {
      patience?.end();
      throw error;
    }
    return stream;
  }

  private nameOf(method: MethodSpec): string {
    return this.service.schema.methods[method.index]?.name ?? method.name;
  }

  oneway(method: MethodSpec, args: unknown, options?: SendOptions): void {
    this.take(method, args, this.settleOneway, undefined, undefined, this.contextOf(method, options));
  }

  reportOneway(error: Error): void {
    this.options.onOnewayError(error);
  }

  private take(
    method: MethodSpec,
    args: unknown,
    settle: Settle,
    patience?: Patience,
    stream?: StreamCall,
    context?: CallContext,
  ): void {
    const running = this.running;
    if (
      running !== undefined &&
      this.closing === undefined &&
      (this.queue.length === 0 || (stream === undefined && this.passes(running)))
    ) {
      try {
        if (this.submit(running, method, args, settle, patience, stream, context)) return;
      } catch (error) {
        // A getter of an argument may have made a call before something threw: nothing else would send it.
        this.pump(running);
        throw error;
      }
    }
    if (this.closing !== undefined) throw new ClosedError();
    if (this.queue.length >= this.options.maxQueue) throw new OverloadedError(this.options.maxQueue);
    const after = running?.channel.admission.queued() ?? 0;
    this.queue.push({ method, args, settle, patience, stream, context, since: 0, order: 0, after });
    if (running !== undefined) {
      if (stream !== undefined) running.channel.admission.gather(this.queue.first?.stream);
      // It may be the one for which all others wait.
      if (running.channel.admission.allWait) this.pump(running);
      return;
    }
    // Nothing ticks without a worker.
    this.queue.date(performance.now());
    this.start();
  }

  /** Sends a call; false if it has to wait, for room or for the next worker. */
  private submit(
    running: Running,
    method: MethodSpec,
    args: unknown,
    settle: Settle,
    patience: Patience | undefined,
    stream: StreamCall | undefined,
    context: CallContext | undefined,
  ): boolean {
    if (running.cause !== undefined || running.gone) return false;
    try {
      return running.channel.submit(method, args, settle, patience, stream, context);
    } catch (error) {
      if (error instanceof DamagedError) {
        this.onDamaged(running, error);
        return false;
      }
      throw explainArguments(this.service.schema, method, args, error);
    }
  }

  /** Whether a call without streams may be sent before those that wait: they are streams, and wait for places. */
  private passes({ channel: { admission } }: Running): boolean {
    if (this.queue.firstCall !== undefined) return false;
    const stream = this.queue.first?.stream;
    return stream !== undefined && !admission.hasPlaces(stream);
  }

  /** Sends waiting calls for as long as there is room. */
  private pump(running: Running): void {
    const { admission } = running.channel;
    for (;;) {
      let call = this.queue.first;
      const stream = call?.stream;
      admission.gather(stream);
      // Nothing passes a call, nor a stream that waits for memory.
      if (stream !== undefined && !admission.hasPlaces(stream)) call = this.queue.firstCall;
      if (call === undefined) return;
      if (this.send(running, call)) this.queue.shift(call);
      else if (!this.relieve(running)) return;
    }
  }

  /** Sends a waiting call, or says false: it has to wait on. If it cannot be sent at all, it has failed. */
  private send(running: Running, { method, args, settle, patience, stream, context }: WaitingCall): boolean {
    try {
      return this.submit(running, method, args, settle, patience, stream, context);
    } catch (error) {
      fail(settle, error as Error);
      return true;
    }
  }

  /**
   * Where the first call waits for memory of calls in flight that may all be waiting for others behind it: sends one of
   * those past it. If there is no memory for that one either, it fails, since it would wait for ever. False: no such call.
   */
  private relieve(running: Running): boolean {
    const { admission } = running.channel;
    const since = admission.starving;
    const call = since === 0 ? undefined : this.queue.find(({ after }) => after >= since);
    if (call === undefined) return false;
    // What earlier calls of the method took says nothing now.
    admission.remeasure(call.method);
    if (!this.send(running, call)) {
      const error = admission.shortage(call.method);
      if (error === undefined) return false;
      fail(call.settle, error);
    }
    this.queue.remove(call);
    return true;
  }

  /** Takes out a call that is given up while it waits. If that is a stream, others may have waited for its sake. */
  private drop(settle: Settle): void {
    const { first } = this.queue;
    const call = this.queue.of(settle);
    if (call !== undefined) this.queue.remove(call);
    if (this.queue.first !== first && this.running !== undefined) this.pump(this.running);
  }

  /** Starts a worker, unless one is being started. Waiting calls are rejected if that fails for good. */
  private start(): void {
    if (this.starting !== undefined) return;
    this.starting = this.startUntilServing()
      .catch((error: Error) => {
        this.rejectQueued(error);
        throw error;
      })
      .finally(() => {
        this.starting = undefined;
        // Calls that came while the rejection was under way.
        if (this.running === undefined && this.queue.length > 0) this.start();
      });
    this.starting.catch(() => {});
  }

  private async startUntilServing(): Promise<void> {
    for (;;) {
      const delay = this.backoff.delayMs;
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      try {
        this.adopt(await this.startOne());
        return;
      } catch (error) {
        // Only a crash can pass by itself; a missing program stays missing.
        const mayPass = error instanceof WorkerStartError && error.reason === "crashed";
        if (!(mayPass && this.backoff.failed())) throw error;
      }
    }
  }

  private async startOne(): Promise<Running> {
    this.starts++;
    this.surroundings.look();
    const program = programOf(this.service, this.options);
    // Before the start: what is built while it starts is another build.
    const build = this.options.watch ? buildOf(program) : undefined;
    let running: Running | undefined;
    // A channel says nothing before the event loop turns, and by then `running` is there.
    const events = {
      progress: () => this.onProgress(running as Running),
      tick: (now: number) => this.queue.date(now),
      closed: () => this.onPeerClosed(),
      damaged: (error: Error) => this.onDamaged(running as Running, error),
    };
    const { channel, worker } = await startWorker(this.service, this.options, program, events, this.providers);
    running = { channel, worker, cause: undefined, gone: false, build };
    if (this.options.watch) this.watch ??= new ProgramWatch(program, (found) => this.onBuild(found));
    return running;
  }

  /** From now on calls go to this worker; the one before completes what it has been sent. */
  private adopt(next: Running): void {
    const before = this.running;
    this.running = next;
    next.worker.exited.then((exit) => this.onExit(next, exit));
    if (before !== undefined) {
      this.retiring.add(before);
      this.closeIfIdle(before);
    }
    this.pump(next);
  }

  /** Starts a worker of this build to take over from the running one, unless that is of it. */
  private onBuild(build: string): void {
    const { running } = this;
    // Without a running worker the next start takes the new build anyway.
    if (running === undefined || this.swapping !== undefined || this.closing !== undefined) return;
    if (build === running.build || build === this.refusedBuild) return;
    this.swapping = this.swap(build).finally(() => {
      this.swapping = undefined;
    });
  }

  private async swap(build: string): Promise<void> {
    try {
      this.adopt(await this.startOne());
    } catch (error) {
      this.refusedBuild = build;
      if (this.closing === undefined) warnOfBuild(error as Error, this.running);
    }
  }

  private rejectQueued(error: Error): void {
    for (let call = this.queue.first; call !== undefined; call = this.queue.first) {
      this.queue.shift(call);
      fail(call.settle, error);
    }
  }

  private onProgress(running: Running): void {
    const current = running === this.running;
    if (current && this.queue.length > 0) this.pump(running);
    if (!current || this.closing !== undefined) this.closeIfIdle(running);
  }

  private onPeerClosed(): void {
    // The answer to our CLOSE: the program's exit follows.
  }

  private onDamaged(running: Running, error: Error): void {
    if (running.cause !== undefined) return;
    running.cause = error;
    running.worker.kill();
    // What it had finished is settled when it has ended.
    running.worker.ref();
  }

  private onExit(running: Running, exit: WorkerExit): void {
    const { channel } = running;
    if (running === this.running) {
      this.running = undefined;
      this.backoff.died(channel.served);
    } else {
      this.retiring.delete(running);
    }
    const cause = running.cause ?? running.worker.damage;
    channel.finish((damage) => new WorkerDiedError(exit, cause ?? damage));
    if (this.running === undefined && this.queue.length > 0) this.start();
  }

  alloc(bytes: number): Uint8Array {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new Ts2goError(
        "ERR_INVALID_OPTION",
        `alloc: expected a whole number of bytes from 0, got ${String(bytes)}`,
      );
    }
    if (this.closing !== undefined) throw new ClosedError();
    const { running } = this;
    if (running === undefined || running.cause !== undefined || running.gone) {
      throw new Ts2goError(
        "ERR_NOT_CONNECTED",
        "alloc: the Go program does not run yet, and the memory is shared with it: `await connect(...)`, or await one call, before",
      );
    }
    return running.channel.alloc(bytes);
  }

  async ready(): Promise<void> {
    if (this.closing !== undefined) throw new ClosedError();
    if (this.running !== undefined) return;
    this.start();
    await this.starting;
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    // Calls made before this one are completed, if need be by a worker that has to be started for them.
    for (;;) {
      const workers = this.workers();
      const start = this.starting ?? this.swapping;
      if (this.swapping !== undefined || workers.length === 0) {
        if (start === undefined) break;
        await start.catch(() => {});
        continue;
      }
      for (const running of workers) {
        running.worker.ref();
        this.closeIfIdle(running);
      }
      await Promise.all(workers.map(({ worker }) => worker.exited));
      // The exit handler runs in the same turn; let it.
      await undefined;
    }
    this.watch?.close();
    this.closed = true;
  }

  /** Every worker there is: the one that gets calls, and those before it. */
  private workers(): Running[] {
    return this.running === undefined ? [...this.retiring] : [...this.retiring, this.running];
  }

  private closeIfIdle(running: Running): void {
    const { channel, worker } = running;
    if (channel.inFlight > 0 || (running === this.running && this.queue.length > 0)) return;
    if (channel.closeSent || !channel.sendClose()) return;
    const timer = setTimeout(() => worker.kill(), CLOSE_GRACE_MS);
    timer.unref();
    worker.exited.finally(() => clearTimeout(timer)).catch(() => {});
  }

  inspect(): TransportState {
    const workers = this.workers();
    const channel = this.running?.channel;
    const now = performance.now();
    this.queue.date(now);
    const queued = this.queue.all().map(({ method, since }) => {
      return { method: this.nameOf(method), state: "queued", ageMs: now - since, pid: undefined } as const;
    });
    return {
      state: this.closed
        ? "closed"
        : this.closing !== undefined
          ? "closing"
          : this.starting !== undefined
            ? "starting"
            : channel === undefined
              ? "idle"
              : "open",
      pid: this.running?.worker.pid,
      inFlight: workers.reduce((sum, each) => sum + each.channel.inFlight, 0),
      queued: this.queue.length,
      calls: [...workers.flatMap((each) => each.channel.calls(now, each.worker.pid)), ...queued].sort(
        (a, b) => b.ageMs - a.ageMs,
      ),
      bodiesInUse: workers.reduce((sum, each) => sum + each.channel.bodiesInUse, 0),
      leases: workers.reduce((sum, each) => sum + each.channel.leasesHeld, 0),
      answering: workers.reduce((sum, each) => sum + each.channel.answering, 0),
      starts: this.starts,
      retiring: this.retiring.size,
      waits: channel?.stats ?? { sleeps: 0, wakes: 0, spins: 0, spinHits: 0, doorbells: 0 },
    };
  }
}
