/**
 * PORT: the tokens by which programs use the API. Of a token itself nothing is kept but a hash, by which it is found again, and how it begins,
 * by which people recognise it.
 */
export interface Tokens {
  /** Undefined: there is another of that name that is not revoked. */
  add(token: NewToken): Promise<StoredToken | undefined>;
  /** The token with this hash, also one that is revoked or over. */
  find(hash: string): Promise<StoredToken | undefined>;
  /** Notes that it was used. It is exact to a minute, so that not every call is a write. */
  noteUse(id: number): Promise<void>;
  /** The newest first, also those that are revoked or over. */
  list(): Promise<readonly StoredToken[]>;
  /** Revokes the one of this name that is not revoked yet. Undefined: there is none. */
  revoke(name: string): Promise<StoredToken | undefined>;
}

export interface NewToken {
  readonly name: string;
  /** SHA-256, in hexadecimal digits. */
  readonly hash: string;
  /** Its first characters. */
  readonly prefix: string;
  /** A query: where it may look. */
  readonly where: string;
  readonly reads: "content" | "metadata";
  readonly private: boolean;
  /** What it may do besides looking. */
  readonly rights: readonly string[];
  /** `Viewer.id` of who made it. */
  readonly createdBy: string;
  /** Milliseconds since the epoch. Absent: it never ends. */
  readonly expiresAt?: number;
}

export interface StoredToken extends Omit<NewToken, "hash"> {
  readonly id: number;
  readonly createdAt: number;
  readonly usedAt?: number;
  readonly revokedAt?: number;
}
