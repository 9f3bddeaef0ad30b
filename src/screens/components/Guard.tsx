/** Holds up what cannot be drawn: its place stays empty, the rest of the console goes on, and somebody says why. */
import { Component, type ReactNode } from 'react';

interface GuardProps {
  readonly children: ReactNode;
  readonly onFault: (error: unknown) => void;
}

export class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onFault(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
