/** The time that the service has, as far as this device can tell from the answers it got. */
export class Clock {
  /** What has to be added to the device's time, in milliseconds. */
  correction = 0;

  constructor(readonly device: () => number = Date.now) {}

  /** The time, put right. In milliseconds since 1970. */
  now(): number {
    return this.device() + this.correction;
  }

  /**
   * Learns from an answer. Half of the round trip is taken as the way back. A device that is right to within the
   * round trip, or to within two seconds, is left alone.
   */
  observe(serverTime: string | null, sentAt: number, receivedAt: number): void {
    const server = serverTime === null ? Number.NaN : Date.parse(serverTime);
    if (Number.isNaN(server)) return;
    const off = server - (sentAt + receivedAt) / 2;
    this.correction = Math.abs(off) <= Math.max(2000, receivedAt - sentAt) ? 0 : Math.round(off);
  }
}
