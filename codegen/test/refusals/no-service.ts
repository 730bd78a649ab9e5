export interface Demo {
  check(name: string): Promise<boolean>;
}
