import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import "../styles/globals.css";

export const metadata: Metadata = { title: "Example shop" };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header>
          <Link href="/">Example shop</Link>
          <Link href="/cart">Cart</Link>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
