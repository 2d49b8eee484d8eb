/**
 * What a router knows by itself of the requests that it sent: where each is, until it has ended. It
 * passes every answer on, so that it sees first tokens and ends when they happen.
 *
 * A replica that only computes prompts is done with a request at its first token.
 */
import { Role } from "../../abi_serving";
import { take } from "../../arena";
import { Prompts } from "../prompts";
import { Replicas } from "../replicas";

/** What one replica has of this router's requests. */
@unmanaged export class Account {
  requests: u32;
  /** Prompt tokens that the router expects to be computed for those without a first token. */
  tokens: u32;
  /** Blocks of the prompts. */
  blocks: u32;
  /** Requests ever sent there. */
  sent: u32;
}

@unmanaged class Sent {
  /** Replica plus one; 0 when it is nowhere. */
  place: u32;
  /** Tokens in the account. */
  tokens: u32;
  firstTokenNs: u64;
}

@final export class Ledger {
  /** Mean time from first token to end, of late: an exponential average over 64 requests. */
  decodeNs: f64 = 0;
  /** Requests that are anywhere. */
  inFlight: u32 = 0;
  private readonly accounts: usize;
  private readonly requests: usize;

  constructor(private readonly prompts: Prompts, private readonly replicas: Replicas) {
    this.accounts = take(<usize>replicas.count * offsetof<Account>());
    this.requests = take(<usize>prompts.count * offsetof<Sent>());
  }

  @inline of(replica: u32): Account {
    return changetype<Account>(this.accounts + <usize>replica * offsetof<Account>());
  }

  @inline private sent(request: u32): Sent {
    return changetype<Sent>(this.requests + <usize>request * offsetof<Sent>());
  }

  onRouted(request: u32, replica: u32, tokens: u32): void {
    const account = this.of(replica);
    const sent = this.sent(request);
    this.inFlight++;
    account.requests++;
    account.sent++;
    account.tokens += tokens;
    account.blocks += this.prompts.wholeBlocks(request);
    sent.place = replica + 1;
    sent.tokens = tokens;
  }

  onFirstToken(request: u32, nowNs: u64): void {
    const sent = this.sent(request);
    sent.firstTokenNs = nowNs;
    if (this.replicas.record(sent.place - 1).role == Role.Prefill) return this.onLost(request);
    this.of(sent.place - 1).tokens -= sent.tokens;
    sent.tokens = 0;
  }

  onFinish(request: u32, nowNs: u64): void {
    const tookNs = <f64>(nowNs - this.sent(request).firstTokenNs);
    this.decodeNs += (tookNs - this.decodeNs) * (this.decodeNs == 0 ? 1 : 1.0 / 64);
    this.onLost(request);
  }

  /** The request is at its replica no more. */
  onLost(request: u32): void {
    const sent = this.sent(request);
    if (sent.place == 0) return;
    const account = this.of(sent.place - 1);
    this.inFlight--;
    account.requests--;
    account.tokens -= sent.tokens;
    account.blocks -= this.prompts.wholeBlocks(request);
    sent.place = 0;
    sent.tokens = 0;
  }
}
