/** How money is written. Amounts come in minor units (cents) with an ISO 4217 code. */
import { formatNumber } from "./numbers.ts";

const signs: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£", BRL: "R$", JPY: "¥", CNY: "CN¥", INR: "₹", MXN: "MX$" };

/** An amount parted for large type: the number with its sign of currency, and the unit. */
export interface MoneyParts {
  readonly number: string;
  readonly unit: "" | "k" | "M" | "bn";
}

/**
 * An amount for charts, three figures or so: `$29.6 M`.
 *
 * @example
 * formatMoney(2961234500, "USD")
 * // => "$29.6\u00a0M"
 */
export function formatMoney(minor: number, currency: string): string {
  const { number, unit } = moneyParts(minor, currency);
  return unit === "" ? number : `${number}\u00a0${unit}`;
}

/** An amount for prose: `$29.6 million`, `$41,200`. */
export function formatMoneyInProse(minor: number, currency: string): string {
  const { number, unit } = moneyParts(minor, currency);
  if (unit === "M") return `${number}\u00a0million`;
  if (unit === "bn") return `${number}\u00a0billion`;
  return signed(minor, currency, formatNumber(Math.abs(minor) / 100, 0));
}

/** To the cent, for tables: `$29,612,345.67`. */
export function formatMoneyExact(minor: number, currency: string): string {
  return signed(minor, currency, formatNumber(Math.abs(minor) / 100, 2));
}

/** The currency's sign, or its code and a no-break space. */
export function currencySign(currency: string): string {
  return signs[currency] ?? `${currency}\u00a0`;
}

/** As `formatMoney`, parted. */
export function moneyParts(minor: number, currency: string): MoneyParts {
  const major = Math.abs(minor) / 100;
  const [divisor, unit] =
    major >= 999_950_000
      ? [1e9, "bn" as const]
      : major >= 999_500
        ? [1e6, "M" as const]
        : major >= 9_999.5
          ? [1e3, "k" as const]
          : [1, "" as const];
  const scaled = major / divisor;
  const decimals = unit === "" ? 0 : unit === "k" ? (scaled < 99.95 ? 1 : 0) : scaled < 9.995 ? 2 : 1;
  return { number: signed(minor, currency, formatNumber(scaled, decimals)), unit };
}

/** With its currency. A zero as printed has no sign. */
function signed(minor: number, currency: string, digits: string): string {
  return `${minor < 0 && /[1-9]/.test(digits) ? "\u2212" : ""}${currencySign(currency)}${digits}`;
}
